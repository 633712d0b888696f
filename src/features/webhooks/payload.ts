/** The body of a webhook, as Standard Webhooks recommends it. */
import type { StoredAuditEvent } from '../../event-sender.js';
import { eventTypes, type WebhookPayload } from './event-types.js';

/** @returns undefined if the event is not sent */
export function payloadOf(event: StoredAuditEvent): WebhookPayload | undefined {
  const type = event.outcome === 'success' ? eventTypes[event.kind] : undefined;
  if (type === undefined) return undefined;
  const { at, userId = null, requestId = null, actor, details } = event;
  return {
    type,
    timestamp: at.toISOString(),
    data: { userId, requestId, actor, details: details ?? {} },
  };
}
