/** Why a webhook was not delivered, or not yet: a closed list. `npm run docs` writes the table in docs/features/webhooks.md. */

interface WebhookReasonEntry {
  readonly meaning: string;
  readonly fix: string;
  /** Another attempt would end the same way. */
  readonly isFinal?: boolean;
}

export const reasons = {
  unreachable: {
    meaning: 'the receiver could not be reached, or closed the connection before it answered',
    fix: 'check the host in WEBHOOK_URLS, its certificate, and that this network may connect to it',
  },
  timed_out: {
    meaning: 'the receiver did not answer within 15 seconds',
    fix: 'the receiver should store the event, answer 2xx, and work afterwards',
  },
  refused: {
    meaning: 'the receiver answered with another status than 2xx; redirects are not followed',
    fix: 'see `responseCode` in the log line; for 401 compare WEBHOOK_SECRET of both sides',
  },
  gone: {
    meaning: 'the receiver answered 410: it wants no more webhooks',
    fix: 'remove its URL from WEBHOOK_URLS',
    isFinal: true,
  },
  endpoint_removed: {
    meaning: 'the URL is not in WEBHOOK_URLS any more',
    fix: 'nothing, or add it again and replay: npm run webhooks -- replay',
    isFinal: true,
  },
  expired: {
    meaning: 'three days passed before an attempt succeeded',
    fix: 'repair the receiver, then replay: npm run webhooks -- replay',
    isFinal: true,
  },
} as const satisfies Readonly<Record<string, WebhookReasonEntry>>;

export type WebhookReason = keyof typeof reasons;

export function isFinal(reason: WebhookReason): boolean {
  const entry: WebhookReasonEntry = reasons[reason];
  return entry.isFinal === true;
}
