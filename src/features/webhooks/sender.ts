/** Writes events for the receivers within the caller's transaction, and delivers them afterwards. */
import { Webhook } from 'standardwebhooks';
import { afterCommit } from '../../db/current-transaction.js';
import type { EventSender } from '../../event-sender.js';
import { createOutboxRuns } from '../../outbox-runs.js';
import type { EventSenderServices } from '../slots.js';
import { counterName } from './counters.js';
import { claimDeliveries, markFailed, markSent, nextDueAt, type Delivery } from './deliveries.js';
import type { WebhookSettings } from './feature.js';
import { createEnqueue } from './enqueue.js';
import { postWebhook, WebhookFailure } from './post-webhook.js';
import { isFinal, reasons, type WebhookReason } from './reasons.js';

/** Of one attempt; shorter than a claim (deliveries.ts). */
const attemptMs = 15_000;
const atOnce = 5;

const retryForMs = 3 * 86_400_000;
const [minute, hour] = [60_000, 3_600_000];
/** The pauses that Standard Webhooks recommends. */
const pauses = [5_000, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour];

export function createEventSender(
  { endpoints, secret }: WebhookSettings,
  { database, logger, now, count, afterResponse }: EventSenderServices,
): EventSender {
  const { orm } = database;
  const webhook = new Webhook(secret);
  const urls = new Map(endpoints.map(({ hash, url }) => [hash, url]));
  const enqueue = createEnqueue(endpoints, now);

  async function attempt(delivery: Delivery): Promise<void> {
    const { eventId, endpoint, payload, attempts } = delivery;
    const url = urls.get(endpoint);
    const fields = { webhookId: eventId, type: payload.type, attempts };
    const startedAt = performance.now();
    try {
      if (url === undefined) throw new WebhookFailure('endpoint_removed', undefined);
      await post(url, delivery);
    } catch (error) {
      if (!(error instanceof WebhookFailure)) throw error;
      await recordFailure(delivery, error, { ...fields, host: url && new URL(url).host });
      return;
    }
    await markSent(orm, delivery, now());
    count(counterName, 'sent');
    const durationMs = Math.round(performance.now() - startedAt);
    logger.info({ ...fields, host: new URL(url).host, durationMs }, 'webhook sent');
  }

  async function post(url: string, { eventId, payload }: Delivery): Promise<void> {
    const timestamp = new Date();
    const body = JSON.stringify(payload);
    const headers = {
      'webhook-id': eventId, // equal for every attempt
      'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
      'webhook-signature': webhook.sign(eventId, timestamp, body),
    };
    await postWebhook(url, headers, body, AbortSignal.timeout(attemptMs));
  }

  async function recordFailure(
    delivery: Delivery,
    { reason: found, responseCode, cause }: WebhookFailure,
    fields: object,
  ): Promise<void> {
    const pause = pauses[Math.min(delivery.attempts, pauses.length) - 1] ?? 0;
    const next = new Date(now().getTime() + pause);
    const isOver = next.getTime() - delivery.createdAt.getTime() > retryForMs;
    const reason: WebhookReason = isOver && !isFinal(found) ? 'expired' : found;
    const nextAttemptAt = isFinal(reason) ? undefined : next;
    await markFailed(orm, delivery, reason, nextAttemptAt);
    count(counterName, reason);
    const { meaning, fix } = reasons[reason];
    const level = nextAttemptAt === undefined ? 'error' : 'warn';
    const evidence = { reason, hint: meaning, fix, responseCode, nextAttemptAt, err: cause };
    logger[level]({ ...fields, ...evidence }, 'webhook not delivered');
  }

  const runs = createOutboxRuns(
    {
      none: () => undefined,
      async send(_, hasTime) {
        let claimed: Delivery[];
        do {
          claimed = await claimDeliveries(orm, now(), atOnce);
          const attempts = await Promise.allSettled(claimed.map(attempt));
          for (const { reason } of attempts.filter((one) => one.status === 'rejected'))
            throw reason;
          // A delivered event makes the next one of its user due.
        } while (claimed.length > 0 && hasTime());
        return claimed.length > 0 ? now() : nextDueAt(orm);
      },
      onDatabaseError(err) {
        const fix = 'nothing: events wait in the table webhook_delivery';
        logger.warn({ err, fix }, 'webhooks cannot be read from the database');
      },
    },
    now,
  );

  return {
    async enqueue(db, events) {
      if ((await enqueue(db, events)) === 0) return;
      afterCommit(orm, () => {
        afterResponse(async () => {
          await runs.sendDue();
        });
      });
    },
    sendDue: runs.sendDue,
    dueAt: runs.dueAt,
    close: runs.ended,
  };
}
