/** Hands each mail to an HTTP endpoint of the operator, signed as Standard Webhooks specifies (standardwebhooks.com). */
import { Webhook } from 'standardwebhooks';
import type { MailSettings, WebhookSettings } from './feature.js';
import { postMail, reasonOfStatus } from './http-delivery.js';
import type { Transport } from './transport.js';

export function createWebhookTransport(
  { url, secret }: WebhookSettings,
  { from, replyTo, messageIdDomain }: MailSettings,
): Transport {
  const webhook = new Webhook(secret);
  return {
    async send({ id, template, to, language, subject, text, html }, signal) {
      const timestamp = new Date();
      const body = JSON.stringify({
        type: 'mail.send',
        timestamp: timestamp.toISOString(),
        data: {
          messageId: `<${id}@${messageIdDomain}>`,
          from,
          ...(replyTo && { replyTo }),
          to,
          template,
          language,
          subject,
          text,
          html,
        },
      });
      const headers = {
        'webhook-id': id, // equal for every attempt: the receiver sends a repeated one only once
        'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
        'webhook-signature': webhook.sign(id, timestamp, body),
      };
      await postMail(url, headers, body, signal, reasonOfStatus);
    },
    verify: () => Promise.resolve(), // there is no request without a mail
    close: () => undefined,
  };
}
