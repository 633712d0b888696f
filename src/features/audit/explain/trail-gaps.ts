/** What a story cannot have: the time before the trail begins, and the time while it was off. */
import { and, eq, min, sql } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../../db/client.js';
import { user } from '../../../db/schema.js';
import { auditEvent } from '../tables.js';

/**
 * @param env of the command, whose AUDIT is taken for the service's
 * @returns sentences for the operator; none if nothing is missing
 * @throws what the driver throws
 */
export async function describeTrailGaps(
  db: OrmOrTransaction,
  userId: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string[]> {
  const [range] = await db
    .select({
      oldest: min(auditEvent.at),
      newest: sql`max(coalesce(${auditEvent.lastAt}, ${auditEvent.at}))`.mapWith(auditEvent.at),
    })
    .from(auditEvent);
  const { oldest, newest } = range ?? {};
  if (!oldest || !newest) return ['the audit trail is empty (AUDIT, AUDIT_DAYS)'];
  const gaps: string[] = [];
  if (env.AUDIT === 'off') gaps.push(`AUDIT=off here: the newest event is from ${minute(newest)}`);
  const [found] =
    userId === undefined
      ? []
      : await db.select({ at: user.createdAt }).from(user).where(eq(user.id, userId));
  if (found !== undefined && found.at < oldest && !(await wasImported(db, userId))) {
    gaps.push(
      `the account is from ${minute(found.at)}, and the trail begins at ${minute(oldest)}: what happened before is not known (AUDIT_DAYS)`,
    );
  }
  return gaps;
}

/** Imported accounts keep the time at which they were created in the other system. */
async function wasImported(db: OrmOrTransaction, userId = ''): Promise<boolean> {
  const isImport = and(eq(auditEvent.userId, userId), eq(auditEvent.kind, 'import'));
  return (await db.select().from(auditEvent).where(isImport).limit(1)).length > 0;
}

function minute(time: Date): string {
  return `${time.toISOString().slice(0, 16)}Z`;
}
