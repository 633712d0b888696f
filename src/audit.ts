/**
 * What the service knows of the audit trail: types only. The audit feature stores events; whatever changes an account
 * records them. Without the feature there is no trail.
 */
import type { AuditDetail, AuditKind, AuditOutcome } from './audit-kinds.js';
import type { OrmOrTransaction } from './db/client.js';

/** Where a request comes from. */
export interface AuditClient {
  /** IP address; shortened before it is stored. */
  readonly address?: string | undefined;
  readonly userAgent?: string | undefined;
  /** The origin of the page. */
  readonly origin?: string | undefined;
}

export interface AuditEvent {
  readonly kind: AuditKind;
  readonly outcome: AuditOutcome;
  /** Why, as in the tables of reasons; required unless it succeeded. */
  readonly reason?: string | undefined;
  readonly userId?: string | undefined;
  /** The keyed fingerprint of an e-mail address, where no user is known (sign-in-keys.ts). */
  readonly account?: string | undefined;
  /** tokenFingerprint of the session. */
  readonly session?: string | undefined;
  /** Who did it; the user by default. */
  readonly actor?: 'user' | 'operator' | 'system' | undefined;
  /** The operator's user id, or a name of the system such as `command`. */
  readonly actorId?: string | undefined;
  /** Facts such as a method or a mail's id. Never an e-mail address, a token, or text that a visitor chose. */
  readonly details?: Readonly<Record<string, AuditDetail>> | undefined;
  /** By default those of the request that is being handled. */
  readonly requestId?: string | undefined;
  readonly client?: AuditClient | undefined;
}

/** An event that a visitor can cause any number of times. Equal ones of an hour may be stored as one event with a count. */
export interface RepeatableEvent extends AuditEvent {
  /** The token of a credential that did not verify: its user and fingerprint are stored only if such a session exists. */
  readonly unverifiedToken?: string | undefined;
  /** What a visitor gives as the id of a mailed link (link-token.ts): the event is stored only if there is such a link. */
  readonly linkId?: string | undefined;
}

export interface AuditTrail {
  /**
   * Writes events with the change that they report: in the caller's transaction, or joined to its statement
   * (joined-inserts.ts). Without either, as statements before the response. @throws what the driver throws
   */
  record(db: Pick<OrmOrTransaction, 'insert'>, ...events: readonly AuditEvent[]): Promise<void>;
  /** Queues an event about a request that changed nothing. It is written after the response, and lost if the process is killed first. */
  note(event: AuditEvent): void;
  /** The same for what a visitor can cause any number of times, such as a refusal. */
  noteRepeatable(event: RepeatableEvent): void;
  /** Writes what is queued. Never rejects: what cannot be written is retried with the next event, up to a limit. */
  flush(): Promise<void>;
}
