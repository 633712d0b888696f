/** The body of a webhook, as Standard Webhooks recommends it. */
import type { AuditDetail } from '../../audit-kinds.js';
import type { StoredAuditEvent } from '../../event-sender.js';
import { eventTypes } from './event-types.js';

/** A type, not an interface: a JSON column takes any. */
export type WebhookPayload = {
  readonly type: string;
  /** When it happened; ISO 8601. */
  readonly timestamp: string;
  readonly data: {
    readonly userId: string | null;
    readonly requestId: string | null;
    /** `user`, `operator` or `system`. */
    readonly actor: string;
    readonly details: Readonly<Record<string, AuditDetail>>;
  };
};

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
