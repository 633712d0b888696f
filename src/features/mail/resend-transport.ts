/** Sends by Resend's HTTP API, for platforms that block SMTP. https://resend.com/docs/api-reference/emails/send-email */
import type { MailSettings, ResendSettings } from './feature.js';
import { postMail, reasonOfStatus } from './http-delivery.js';
import type { MailReason } from './reasons.js';
import type { Transport } from './transport.js';

/** @param baseUrl of the API; tests have their own */
export function createResendTransport(
  { apiKey }: ResendSettings,
  { from, replyTo, messageIdDomain }: MailSettings,
  baseUrl = 'https://api.resend.com',
): Transport {
  return {
    async send({ id, to, subject, text, html }, signal) {
      const headers = {
        authorization: `Bearer ${apiKey}`,
        'idempotency-key': id, // kept for a day, as long as the outbox retries
      };
      const body = {
        from: formatAddress(from),
        to: [to],
        ...(replyTo && { reply_to: formatAddress(replyTo) }),
        subject,
        text,
        html,
        headers: { 'Message-ID': `<${id}@${messageIdDomain}>`, 'Auto-Submitted': 'auto-generated' },
      };
      await postMail(`${baseUrl}/emails`, headers, JSON.stringify(body), signal, reasonOf);
    },
    verify: () => Promise.resolve(), // a key that may only send can ask for nothing else
    close: () => undefined,
  };
}

function formatAddress({ name, address }: MailSettings['from']): string {
  return name === '' ? address : `"${name.replace(/["\\]/g, '')}" <${address}>`;
}

function reasonOf(status: number, body: string): MailReason {
  if (status === 403 && /domain|from|testing emails/i.test(body)) return 'sender_refused';
  if (status === 409) return 'greylisted'; // the same mail is being accepted at this moment
  const field = status === 422 ? /`(from|to)`/.exec(body)?.[1] : undefined;
  if (field !== undefined) return field === 'from' ? 'sender_refused' : 'recipient_refused';
  return reasonOfStatus(status);
}
