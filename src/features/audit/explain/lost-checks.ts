/** Checks without a cookie, by the page or the server that asked: since when there are any. */
import { and, desc, eq, gte, isNull, sql } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../../db/client.js';
import { auditEvent } from '../tables.js';

/** Those of one page, or of the servers of one network. */
export interface LostChecks {
  readonly caller: string | null;
  readonly site: string | null;
  /** Of a server; null for pages, whose visitors are everywhere. */
  readonly network: string | null;
  /** Undefined if there are some in the oldest hour that was read: they may have begun before. */
  readonly begunAt: Date | undefined;
  readonly count: number;
}

const windowMs = 3 * 86_400_000;
const hourMs = 3_600_000;
const maxGroups = 50;

/** @returns the most frequent first @throws what the driver throws */
export async function readLostChecks(db: OrmOrTransaction, now: Date): Promise<LostChecks[]> {
  const since = new Date(Math.floor((now.getTime() - windowMs) / hourMs) * hourMs);
  const caller = sql<string | null>`${auditEvent.details} ->> 'caller'`;
  const network = sql<string | null>`case when ${caller} = 'server' then ${auditEvent.network} end`;
  const first = sql`min(coalesce(${auditEvent.firstAt}, ${auditEvent.at}))`;
  const count = sql<number>`sum(${auditEvent.count})::float`;
  const rows = await db
    .select({ caller, site: auditEvent.site, network, first: first.mapWith(auditEvent.at), count })
    .from(auditEvent)
    .where(
      and(
        eq(auditEvent.kind, 'session_check'),
        eq(auditEvent.reason, 'no_credential'),
        isNull(auditEvent.userId),
        gte(auditEvent.at, since),
      ),
    )
    .groupBy(sql`1, 2, 3`)
    .orderBy(desc(sql`5`))
    .limit(maxGroups);
  return rows.map(({ first: at, ...row }) => {
    const isCut = at.getTime() < since.getTime() + hourMs;
    return { ...row, begunAt: isCut ? undefined : at };
  });
}
