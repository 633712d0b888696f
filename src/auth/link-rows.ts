/** What mailed links and codes have in common: when their rows begin and end, and the account that they belong to. */
import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { mailedLink, user } from '../db/schema.js';
import { hashToken } from './link-token.js';

type Row = typeof mailedLink.$inferSelect;

/**
 * Links of this purpose outlast every other change of the account: somebody who has taken it over must not be able to end
 * the owner's way back.
 */
export const undoPurpose = 'undo_change';

export interface LinkOwner {
  readonly id: string;
  readonly email: string;
}

/**
 * The database's clock, because instances with clocks of their own write and compare these times. In milliseconds, as
 * `Date` has them: otherwise a row would be newer than its own time as it was read.
 */
const now = sql`date_trunc('milliseconds', statement_timestamp())`;

export const isExpired = sql<boolean>`${mailedLink.expiresAt} <= ${now}`;

/** When a link or code that is written now begins and ends. */
export function linkTimes(lifetimeMinutes: number) {
  return {
    createdAt: now,
    expiresAt: sql`${now} + make_interval(mins => ${lifetimeMinutes}::int)`,
  };
}

/** What a link or code keeps of the address it is mailed to. */
export function hashAddress(email: string): string {
  return hashToken(email.toLowerCase());
}

/**
 * The account, locked until the transaction ends. Each transaction that ends links, sessions or accounts locks the user
 * first: in one order, no two of them can wait for each other.
 * @returns undefined if there is no such account
 */
export async function lockOwner(
  tx: OrmOrTransaction,
  userId: string,
): Promise<LinkOwner | undefined> {
  const owner = tx.select({ id: user.id, email: user.email }).from(user).where(eq(user.id, userId));
  return (await owner.for('update')).at(0);
}

/**
 * Whether the account still has the address that the link or code was mailed to. A change of the address ends the links
 * that it finds, but one that is being written meanwhile ends up in the old mailbox.
 */
export function isForAddressOf(
  { addressHash }: Pick<Row, 'addressHash'>,
  owner: LinkOwner | undefined,
): boolean {
  return addressHash === null || owner === undefined || addressHash === hashAddress(owner.email);
}

/** Uses up a link or code. @returns false if a concurrent call did, or it has ended */
export async function markUsed(tx: OrmOrTransaction, id: string): Promise<boolean> {
  const isOpen = and(
    eq(mailedLink.id, id),
    isNull(mailedLink.usedAt),
    isNull(mailedLink.replacedAt),
    gt(mailedLink.expiresAt, now),
  );
  const used = await tx
    .update(mailedLink)
    .set({ usedAt: now })
    .where(isOpen)
    .returning({ id: mailedLink.id });
  return used.length > 0;
}
