/**
 * Makes actions depend on the verified password still being current. Between verification and action another request may
 * change it, and BetterAuth checks only once: a concurrent sign-in with a stolen password would survive the change
 * (ASVS 7.4.3), and a renewed hash would restore the old password.
 */
import { and, eq, exists } from 'drizzle-orm';
import { APIError } from 'better-auth/api';
import type { Orm, OrmOrTransaction } from '../db/client.js';
import { currentTransaction } from '../db/current-transaction.js';
import { account, user } from '../db/schema.js';
import type { RequestScopes, VerifiedPassword } from '../request-scope.js';
import { changeAdapter, type AdapterMethods, type CreateAdapter } from './change-adapter.js';
import { lockOwner } from './link-rows.js';
import { verifyPassword } from './password.js';

type ReadHash = () => Promise<string | null | undefined>;

/** Condition for BetterAuth's password account of a user. */
const credentialOf = (userId: string) =>
  and(eq(account.userId, userId), eq(account.providerId, 'credential'));

/** New passwords depend on the verified hash. */
export function requireUnchangedPassword(
  create: CreateAdapter,
  orm: Orm,
  scopes: RequestScopes,
): CreateAdapter {
  return changeAdapter(create, (methods, begin) => ({
    update: updateIfUnchanged(methods, scopes),
    ...(begin === undefined && { deleteMany: lockUserBeforeRevocation(methods, orm) }),
  }));
}

function updateIfUnchanged(
  { findOne, update }: AdapterMethods,
  scopes: RequestScopes,
): AdapterMethods['update'] {
  return async <T>(query: Parameters<typeof update>[0]) => {
    const verified = scopes.getStore()?.verified;
    const { password } = query.update as { password?: string };
    if (!setsPassword(query) || verified === undefined) return update<T>(query);
    const readHash = async () => {
      const { model, where } = query;
      return (await findOne<{ password: string | null }>({ model, where }))?.password;
    };
    const updated = await ifPasswordUnchanged(readHash, verified, () => {
      const unchanged = { field: 'password', value: verified.hash };
      return update<T>({ ...query, where: [...query.where, unchanged] });
    });
    if (updated === undefined) throw wrongPassword();
    // The session that BetterAuth creates next depends on the new password.
    Object.assign(verified, { hash: password, password: undefined });
    return updated;
  };
}

/**
 * BetterAuth deletes a user's sessions before it updates the password in the same transaction. A sign-in with the old
 * password between the two statements would survive (ASVS 7.4.3), so the user is locked first, as everywhere
 * (link-rows.ts): that sign-in waits, and then finds the new password (userIfUnchanged).
 */
function lockUserBeforeRevocation(
  { deleteMany }: AdapterMethods,
  orm: Orm,
): AdapterMethods['deleteMany'] {
  return async (query) => {
    const { value } = query.where.find(({ field }) => field === 'userId') ?? {};
    if (query.model === 'session' && typeof value === 'string') {
      await lockOwner(currentTransaction(orm), value);
    }
    return deleteMany(query);
  };
}

function setsPassword({ model, update }: { model: string; update: object }): boolean {
  return model === 'account' && 'password' in update && update.password !== undefined;
}

/** Whether the user's password is still the verified one; waits for a transaction that is changing it. */
export function isCurrentPassword(
  db: OrmOrTransaction,
  userId: string,
  verified: VerifiedPassword,
): Promise<boolean> {
  return isPasswordUnchanged(readHashLocked(db, userId), verified);
}

/** Stores a new hash of the verified password, unless the account's password has changed. */
export async function renewHash(
  orm: Orm,
  userId: string,
  verified: VerifiedPassword,
  hash: string,
): Promise<boolean> {
  const unchanged = and(credentialOf(userId), eq(account.password, verified.hash));
  const rows = await orm
    .update(account)
    .set({ password: hash })
    .where(unchanged)
    .returning({ id: account.id });
  return rows.length > 0;
}

/**
 * Deletes a user in one statement; if the request verified a password, only while it is unchanged.
 * @returns false if there was no such user any more
 * @throws APIError 400, as for a wrong password
 */
export async function deleteUserIfPasswordUnchanged(
  orm: OrmOrTransaction,
  id: string,
  verified: VerifiedPassword | undefined,
): Promise<boolean> {
  if (verified === undefined) {
    const deletion = orm.delete(user).where(eq(user.id, id));
    return (await deletion.returning({ id: user.id })).length > 0;
  }
  const deleted = await ifPasswordUnchanged(readHashLocked(orm, id), verified, async () => {
    const unchanged = orm
      .select({ id: account.id })
      .from(account)
      .where(and(credentialOf(id), eq(account.password, verified.hash)));
    const deletion = orm.delete(user).where(and(eq(user.id, id), exists(unchanged)));
    return (await deletion.returning({ id: user.id })).at(0);
  });
  if (deleted === undefined) throw wrongPassword();
  return true;
}

/** Acts on the condition that the hash is unchanged, and retries if it was only renewed; undefined if the password changed. */
export async function ifPasswordUnchanged<T>(
  readHash: ReadHash,
  verified: VerifiedPassword,
  act: () => Promise<T | null | undefined>,
): Promise<T | undefined> {
  const done = await act();
  if (done !== null && done !== undefined) return done;
  return (await isPasswordUnchanged(readHash, verified)) ? ((await act()) ?? undefined) : undefined;
}

/** Whether the account still has the verified password. Updates `verified` if another sign-in renewed the hash. */
export async function isPasswordUnchanged(
  readHash: ReadHash,
  verified: VerifiedPassword,
): Promise<boolean> {
  const hash = await readHash();
  if (!hash) return false;
  if (hash === verified.hash) return true;
  const { password } = verified;
  if (password === undefined || !(await verifyPassword(hash, password))) return false;
  verified.hash = hash;
  return true;
}

/** Reads the user's hash with a row lock, which waits for a transaction that is changing the password. */
export function readHashLocked(orm: OrmOrTransaction, userId: string): ReadHash {
  return async () => {
    const query = orm.select({ hash: account.password }).from(account).where(credentialOf(userId));
    return (await query.for('share')).at(0)?.hash;
  };
}

/** BetterAuth's response to a wrong password from a signed-in user. */
export function wrongPassword(): APIError {
  return new APIError('BAD_REQUEST', { code: 'INVALID_PASSWORD', message: 'Invalid password' });
}
