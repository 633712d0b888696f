/** What a mail or its link keeps the user from. */
import { clock } from './describe-events.js';
import { diagnosis, diagnosisOf } from './diagnosis.js';
import { timeOf, type EventRow, type Facts, type LinkRow, type MailRow } from './facts.js';
import type { Diagnosis } from './story.js';

/** Template → purpose of its link, for the mails that let a user in. */
const purposes: Readonly<Record<string, string>> = {
  'verify-email': 'verify_email',
  'reset-password': 'reset_password',
  'magic-link': 'magic_link',
  'email-code': 'email_code',
  'confirm-provider': 'confirm_provider',
};

const verification = 'verify-email';

/** Whether the user waits for this mail. */
export function isAwaited({ template }: MailRow): boolean {
  return template in purposes;
}

/** The address is not confirmed: what became of the mail with the link. */
export function diagnoseVerification(facts: Facts, now: Date): Diagnosis {
  const mail = facts.mails.find(({ template }) => template === verification);
  if (mail === undefined) return diagnosis('verification_mail_missing');
  return diagnoseMail(mail, facts, now) ?? diagnosis('verification_mail_missing');
}

/** @returns undefined if its link was used */
export function diagnoseMail(
  mail: MailRow,
  { links, events }: Facts,
  now: Date,
): Diagnosis | undefined {
  const isVerification = mail.template === verification;
  const { state, reason, template } = mail;
  if (state === 'limited') {
    return diagnosis(isVerification ? 'verification_mail_limited' : 'mail_limited');
  }
  if (state !== 'sent') {
    const isPending = state === 'pending';
    const codes = isVerification
      ? (['verification_mail_pending', 'verification_mail_failed'] as const)
      : (['mail_pending', 'mail_failed'] as const);
    const code = isPending ? codes[0] : codes[1];
    return reason === null ? diagnosis(code) : diagnosisOf(code, 'mail', reason);
  }
  const link = links.find((one) => one.purpose === purposes[template] && isLinkOf(mail, one));
  if (link === undefined) return undefined;
  if (!isUnused(link)) return undefined;
  const isExpired = link.expiresAt <= now;
  const newest = links.find((one) => one.purpose === link.purpose && isUnused(one));
  const details = link === newest ? [openedPage(link, events)] : [];
  if (isVerification) {
    const code = isExpired ? 'verification_link_expired' : 'verification_link_unused';
    return diagnosis(code, { details });
  }
  return diagnosis(isExpired ? 'mailed_link_expired' : 'mailed_link_unused', { details });
}

function isUnused({ usedAt, replacedAt }: LinkRow): boolean {
  return usedAt === null && replacedAt === null;
}

/** An event names the purpose of its link only: before this link was created it was another one's. */
function openedPage(link: LinkRow, events: readonly EventRow[]): string | undefined {
  const opened = events.find(
    (event) =>
      event.kind === 'link_open' &&
      event.details?.purpose === link.purpose &&
      (event.firstAt ?? event.at) >= link.createdAt,
  );
  if (opened === undefined) return undefined;
  const from = opened.device === null || opened.device === 'other' ? '' : ` from ${opened.device}`;
  return `its page was opened at ${clock(timeOf(opened))}${from}; the link is unused`;
}

/** They are written in one transaction. */
const toleranceMs = 10_000;

function isLinkOf({ createdAt }: MailRow, link: LinkRow): boolean {
  return Math.abs(createdAt.getTime() - link.createdAt.getTime()) < toleranceMs;
}
