/**
 * The audit trail: what happened to accounts, and why something was refused. Append-only. Partitioned by month, which
 * Drizzle cannot express: see the migration and partitions.ts.
 */
import { index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import type { AuditDetail, AuditKind, AuditOutcome } from '../../audit-kinds.js';

const time = (name: string) => timestamp(name, { withTimezone: true });

export const auditEvent = pgTable(
  'audit_event',
  {
    id: text('id').notNull(),
    /** For events with a count, the start of their hour. */
    at: time('at').notNull(),
    kind: text('kind').$type<AuditKind>().notNull(),
    outcome: text('outcome').$type<AuditOutcome>().notNull(),
    reason: text('reason'),
    /** No foreign key: the trail outlives the account. */
    userId: text('user_id'),
    /** A keyed fingerprint of the e-mail address, where no user is known. */
    account: text('account'),
    /** The fingerprint of the session's token, as in the log. */
    session: text('session'),
    requestId: text('request_id'),
    actor: text('actor').notNull(),
    actorId: text('actor_id'),
    /** Such as `Firefox (Linux)`. */
    device: text('device'),
    /** An address or a network, as AUDIT_ADDRESS says. */
    network: text('network'),
    /** The origin of the page. */
    site: text('site'),
    /** How many equal ones this event stands for. */
    count: integer('count').default(1).notNull(),
    firstAt: time('first_at'),
    lastAt: time('last_at'),
    details: jsonb('details').$type<Readonly<Record<string, AuditDetail>>>(),
  },
  (table) => [
    primaryKey({ columns: [table.at, table.id] }),
    index('audit_event_user_id_at_idx').on(table.userId, table.at),
    index('audit_event_account_at_idx').on(table.account, table.at),
    index('audit_event_session_at_idx').on(table.session, table.at),
    index('audit_event_request_id_idx').on(table.requestId),
    index('audit_event_kind_at_idx').on(table.kind, table.at),
    index('audit_event_outcome_at_idx').on(table.outcome, table.at),
  ],
);
