/** Checks without a cookie of all visitors, by the page or the server that asked. */
import { and, desc, eq, gte, isNull, sql } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../../db/client.js';
import { auditEvent } from '../tables.js';

/** Those of one page, or of the servers of one network. */
export interface LostChecks {
  readonly caller: string | null;
  readonly site: string | null;
  /** Of a server; null for pages, whose visitors are everywhere. */
  readonly network: string | null;
  readonly count: number;
}

/** How far back they are counted. */
export const lostCheckDays = 3;
const windowMs = lostCheckDays * 86_400_000;
const maxGroups = 50;

/** @returns the most frequent first @throws what the driver throws */
export async function readLostChecks(db: OrmOrTransaction, now: Date): Promise<LostChecks[]> {
  const caller = sql<string | null>`${auditEvent.details} ->> 'caller'`;
  const network = sql<string | null>`case when ${caller} = 'server' then ${auditEvent.network} end`;
  const count = sql<number>`sum(${auditEvent.count})::float`;
  return db
    .select({ caller, site: auditEvent.site, network, count })
    .from(auditEvent)
    .where(
      and(
        eq(auditEvent.kind, 'session_check'),
        eq(auditEvent.reason, 'no_credential'),
        isNull(auditEvent.userId),
        gte(auditEvent.at, new Date(now.getTime() - windowMs)),
      ),
    )
    .groupBy(sql`1, 2, 3`)
    .orderBy(desc(sql`4`))
    .limit(maxGroups);
}
