/** What a story cannot have: the time before the trail begins, and the time while it was off. */
import { eq, max, min } from 'drizzle-orm';
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
    .select({ oldest: min(auditEvent.at), newest: max(auditEvent.at) })
    .from(auditEvent);
  const { oldest, newest } = range ?? {};
  if (!oldest || !newest) return ['the audit trail is empty: nothing was ever recorded (AUDIT)'];
  const gaps: string[] = [];
  if (env.AUDIT === 'off') gaps.push(`AUDIT=off: nothing was recorded since ${minute(newest)}`);
  const [found] =
    userId === undefined
      ? []
      : await db.select({ at: user.createdAt }).from(user).where(eq(user.id, userId));
  if (found !== undefined && found.at < oldest) {
    gaps.push(
      `the account is from ${minute(found.at)}, and the trail begins at ${minute(oldest)}: what happened before is not known (AUDIT_DAYS)`,
    );
  }
  return gaps;
}

function minute(time: Date): string {
  return `${time.toISOString().slice(0, 16)}Z`;
}
