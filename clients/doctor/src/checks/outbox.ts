/** What became of the mails of the last day, as the deployment reports it. */
import type { Diagnostics } from '../diagnostics.js';
import { ok, warn, type Finding } from '../finding.js';
import { mailReasons, type MailReason } from '../service.js';

/** These happen in every deployment: visitors mistype their address, or ask again and again. */
const ordinaryReasons: readonly MailReason[] = ['recipient_refused', 'limited', 'greylisted'];

/** A few of those are ordinary, more make mail providers doubt the sender. */
const minimumOrdinary = 10;
const ordinaryShare = 0.05;

export function* checkOutbox({ outbox }: NonNullable<Diagnostics['mail']>): Generator<Finding> {
  const mails = outbox.filter(({ state }) => state !== 'decoy');
  const total = mails.reduce((sum, { count }) => sum + count, 0);
  let hasWarning = false;
  for (const { state, reason, count } of mails) {
    if (reason === null || !isMailReason(reason)) continue;
    const isOrdinary = ordinaryReasons.includes(reason);
    if (isOrdinary && (count < minimumOrdinary || count < total * ordinaryShare)) continue;
    hasWarning = true;
    const outcome = state === 'pending' ? 'are delayed by' : 'ended with';
    yield warn('MAILS_NOT_SENT', {
      message: `${count} of ${total} mails of the last day ${outcome} ${reason}`,
      impact: `Meaning: ${mailReasons[reason].meaning}.`,
      fix: mailReasons[reason].fix,
    });
  }
  if (!hasWarning) yield ok('OUTBOX', `${total} mails in the last day, without unusual failures`);
}

export function isMailReason(text: string): text is MailReason {
  return Object.hasOwn(mailReasons, text);
}
