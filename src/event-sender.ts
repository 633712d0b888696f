/** What the service knows of webhooks: types only. Events of the audit trail are sent to other systems. */
import type { AuditDetail, AuditKind, AuditOutcome } from './audit-kinds.js';
import type { OrmOrTransaction } from './db/client.js';
import type { OutboxWorker } from './outbox-worker.js';

/** An event as the audit trail has stored it. */
export interface StoredAuditEvent {
  readonly id: string;
  readonly at: Date;
  readonly kind: AuditKind;
  readonly outcome: AuditOutcome;
  readonly userId?: string | null | undefined;
  readonly requestId?: string | null | undefined;
  readonly actor: string;
  readonly details?: Readonly<Record<string, AuditDetail>> | null | undefined;
}

export interface EventSender extends OutboxWorker {
  /** Writes what is to be sent of these events, in the transaction that stores them. @throws what the driver throws */
  enqueue(db: Pick<OrmOrTransaction, 'insert'>, events: readonly StoredAuditEvent[]): Promise<void>;
}
