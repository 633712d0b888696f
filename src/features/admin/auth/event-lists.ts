/** Lists and counts of the audit trail. Each is bounded in time and in rows. */
import { and, desc, eq, gte, inArray, lt, max, sql, sum } from 'drizzle-orm';
import { z } from 'zod';
import { auditKinds, type AuditKind } from '../../../audit-kinds.js';
import { fixFor, reasonTable, type Reason } from '../../../session/reasons.js';
import { reasonFixes } from '../../reasons.js';
import { auditEvent } from '../../tables.js';
import type { Handlers, HandlerServices } from './handler.js';
import { readInput, text, wholeNumber } from './input.js';

const kinds = Object.keys(auditKinds) as [AuditKind, ...AuditKind[]];
const maxGroups = 2_000;
const hourMs = 3_600_000;

const filters = {
  kind: z.enum(kinds).optional(),
  outcome: z.enum(['success', 'pending', 'refused', 'failed']).optional(),
  reason: text(100).optional(),
};

const listQuery = z.strictObject({
  ...filters,
  before: z.iso.datetime().optional(),
  hours: wholeNumber(1, 24 * 366).default(24),
  limit: wholeNumber(1, 500).default(100),
});

/** Name → PostgreSQL's interval. */
const buckets = { five_minutes: '5 minutes', hour: '1 hour', six_hours: '6 hours', day: '1 day' };

const countQuery = z.strictObject({
  ...filters,
  hours: wholeNumber(1, 24 * 92).default(24),
  bucket: z.enum(['five_minutes', 'hour', 'six_hours', 'day']).optional(),
});

const checksQuery = z.strictObject({ hours: wholeNumber(1, 24 * 31).default(24) });

/** When it happened last: a row with a count has the start of its hour as `at`. */
const happenedAt = sql<Date>`coalesce(${auditEvent.lastAt}, ${auditEvent.at})`;

/** Bounds `at` as well, by which the table is partitioned and indexed. */
function happenedSince(time: Date) {
  const hour = new Date(Math.floor(time.getTime() / hourMs) * hourMs);
  return and(gte(auditEvent.at, hour), sql`${happenedAt} >= ${time.toISOString()}::timestamptz`);
}

type Lists = Pick<Handlers, 'listEvents' | 'countEvents' | 'listFailingChecks'>;

export function createEventLists({ database: { orm }, audit, now }: HandlerServices): Lists {
  const since = (hours: number, end = now()) => new Date(end.getTime() - hours * hourMs);

  const matches = ({ kind, outcome, reason }: z.infer<z.ZodObject<typeof filters>>) => [
    kind === undefined ? undefined : eq(auditEvent.kind, kind),
    outcome === undefined ? undefined : eq(auditEvent.outcome, outcome),
    reason === undefined ? undefined : eq(auditEvent.reason, reason),
  ];

  return {
    async listEvents(call) {
      const { before, hours, limit, ...filter } = readInput(listQuery, call.input);
      await audit.flush();
      const end = before === undefined ? new Date(now().getTime() + 1) : new Date(before);
      const events = await orm
        .select()
        .from(auditEvent)
        .where(and(happenedSince(since(hours, end)), lt(auditEvent.at, end), ...matches(filter)))
        .orderBy(desc(auditEvent.at))
        .limit(limit);
      return { events };
    },

    async countEvents(call) {
      const { hours, bucket: chosen, ...filter } = readInput(countQuery, call.input);
      await audit.flush();
      const bucket = chosen ?? (hours <= 72 ? 'hour' : 'day');
      // Not a parameter, which PostgreSQL would not take for the same expression in GROUP BY.
      const width = sql.raw(`interval '${buckets[bucket]}'`);
      const start = sql<string>`date_bin(${width}, ${happenedAt}, timestamptz '2000-01-01 00:00Z')`;
      const { kind, outcome, reason } = auditEvent;
      const rows = await orm
        .select({ start, kind, outcome, reason, count: sum(auditEvent.count).mapWith(Number) })
        .from(auditEvent)
        .where(and(happenedSince(since(hours)), ...matches(filter)))
        .groupBy(start, kind, outcome, reason)
        .orderBy(desc(start))
        .limit(maxGroups + 1);
      return {
        bucket,
        since: since(hours),
        isTruncated: rows.length > maxGroups,
        counts: rows
          .slice(0, maxGroups)
          .map((row) => ({ ...row, start: new Date(row.start).toISOString() })),
      };
    },

    async listFailingChecks(call) {
      const { hours } = readInput(checksQuery, call.input);
      await audit.flush();
      const { reason, site } = auditEvent;
      const caller = sql<string | null>`${auditEvent.details}->>'caller'`;
      const rows = await orm
        .select({
          reason,
          site,
          caller,
          count: sum(auditEvent.count).mapWith(Number),
          lastAt: max(happenedAt).mapWith(auditEvent.at),
        })
        .from(auditEvent)
        .where(
          and(
            eq(auditEvent.kind, 'session_check'),
            inArray(auditEvent.outcome, ['refused', 'failed']),
            happenedSince(since(hours)),
          ),
        )
        .groupBy(reason, site, caller)
        .orderBy(desc(sum(auditEvent.count)))
        .limit(maxRowsOfChecks);
      return {
        since: since(hours),
        checks: rows.map((row) => ({ ...row, ...explain(row.reason ?? '') })),
      };
    },
  };
}

const maxRowsOfChecks = 200;

function explain(reason: string): { readonly meaning: string; readonly fix: string } {
  if (!(reason in reasonTable)) return { meaning: '', fix: '' };
  const known = reason as Reason;
  return { meaning: reasonTable[known].meaning, fix: fixFor(known, reasonFixes) };
}
