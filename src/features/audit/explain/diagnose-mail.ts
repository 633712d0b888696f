/** What a mail or its link keeps the user from. */
import { purposesOfMails, toleranceMs } from '../link-mails.js';
import { clock } from './clock.js';
import { diagnosis, diagnosisOf } from './diagnosis.js';
import { timeOf, type EventRow, type Facts, type LinkRow, type MailRow } from './facts.js';
import type { Diagnosis } from './story.js';

const verification = 'verify-email';

/** Whether the user waits for this mail. */
export function isAwaited({ template }: MailRow): boolean {
  return template in purposesOfMails;
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
  const link = links.find(
    (one) => one.purpose === purposesOfMails[template] && isLinkOf(mail, one),
  );
  if (link === undefined) return undefined;
  if (!isUnused(link)) return undefined;
  const isExpired = link.expiresAt <= now;
  const newest = links.find((one) => one.purpose === link.purpose && isUnused(one));
  const details = link === newest ? [openedPage(mail, link, events)] : [];
  if (isVerification) {
    const code = isExpired ? 'verification_link_expired' : 'verification_link_unused';
    return diagnosis(code, { details });
  }
  return diagnosis(isExpired ? 'mailed_link_expired' : 'mailed_link_unused', { details });
}

function isUnused({ usedAt, replacedAt }: LinkRow): boolean {
  return usedAt === null && replacedAt === null;
}

/** An event without its mail names the purpose only: before this link was created it was another one's. */
function openedPage(mail: MailRow, link: LinkRow, events: readonly EventRow[]): string | undefined {
  const opened = events.find(({ kind, details, firstAt, at }) => {
    if (kind !== 'link_open' || details?.purpose !== link.purpose) return false;
    const { mailId } = details;
    return mailId === undefined ? (firstAt ?? at) >= link.createdAt : mailId === mail.id;
  });
  if (opened === undefined) return undefined;
  const from = opened.device === null || opened.device === 'other' ? '' : ` from ${opened.device}`;
  return `its page was opened at ${clock(timeOf(opened))}${from}; the link is unused`;
}

function isLinkOf({ createdAt }: MailRow, link: LinkRow): boolean {
  return Math.abs(createdAt.getTime() - link.createdAt.getTime()) < toleranceMs;
}
