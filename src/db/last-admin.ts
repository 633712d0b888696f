/**
 * Keeps one user who can act as an operator: the last user with the role `admin` is neither deleted nor locked, and keeps
 * the role. It grants nothing, and does not check who asks.
 */
import { and, eq, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import { errorTable } from '../errors.js';
import { adminRole, hasRole } from '../roles.js';
import type { OrmOrTransaction } from './client.js';
import { user } from './schema.js';

/** The user is the last one with the role `admin` who can sign in. The message says what to do first. */
export class LastAdminError extends Error {
  override readonly name = 'LastAdminError';

  constructor() {
    super(errorTable.LAST_ADMIN.message);
  }
}

/**
 * Within a transaction that has locked the user (`lockOwner`), before the change. For operators it also takes one lock
 * until the transaction ends: two of them who are removed at the same time, or remove each other, are counted one after
 * the other. Users without the role take none. Accounts that are locked or will be deleted do not count: nobody can be
 * sure that they return.
 * @throws LastAdminError
 */
export async function requireOtherAdmin(tx: OrmOrTransaction, userId: string): Promise<void> {
  const [own] = await tx.select({ role: user.role }).from(user).where(eq(user.id, userId));
  if (!hasRole(own?.role, adminRole)) return;
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('auth-service last admin', 0))`,
  );
  // Read after the lock: what another transaction changed under it is committed by now.
  const others = await tx
    .select({ role: user.role })
    .from(user)
    .where(
      and(
        ne(user.id, userId),
        isNotNull(user.role),
        isNull(user.lockedAt),
        isNull(user.deleteAfter),
      ),
    );
  if (!others.some(({ role }) => hasRole(role, adminRole))) throw new LastAdminError();
}
