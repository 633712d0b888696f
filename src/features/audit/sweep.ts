/** When events are deleted, and which the sweep records, whether the feature is on or off: switching it off must not keep old ones for ever. */
import { sql, type SQL } from 'drizzle-orm';
import { audit } from './feature.js';
import { maintainAuditTrail } from './partitions.js';
import { auditEvent } from './tables.js';

/**
 * Records that the sweep has deleted accounts, in the statement that deletes them.
 * @param users a relation with their `id`
 */
export function recordDeletedUsers(users: SQL, now: Date): SQL {
  return sql`
    insert into ${auditEvent} (id, at, kind, outcome, user_id, actor, actor_id)
    select gen_random_uuid()::text, ${now.toISOString()}::timestamptz, 'account_deletion', 'success',
      id, 'system', 'sweep'
    from ${users}`;
}

export const maintenance = {
  table: 'audit_event',
  run: maintainAuditTrail,
  /** @param value of AUDIT_DAYS; the default is used for an invalid one */
  daysFrom(value: string | undefined): number {
    const days = audit.variables.AUDIT_DAYS;
    const parsed = days.safeParse(value || undefined);
    return parsed.success ? parsed.data : days.parse(undefined);
  },
} as const;
