/**
 * What a password allowed holds only while it is the password. Between verifying it and acting on it another request may
 * change it, and BetterAuth looks only once: a sign-in with the stolen password that runs beside the change would then
 * outlive it (ASVS 7.4.3), and a renewed hash would bring the old password back.
 */
import { and, eq, exists } from 'drizzle-orm';
import type { BetterAuthOptions } from 'better-auth';
import type { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { APIError } from 'better-auth/api';
import type { Orm } from '../db/client.js';
import { sqlState } from '../log/error-chain.js';
import { account, session, user } from '../db/schema.js';
import type { RequestScopes, VerifiedPassword } from '../request-scope.js';
import { verifyPassword } from './password.js';

type CreateAdapter = ReturnType<typeof drizzleAdapter>;
type Adapter = ReturnType<CreateAdapter>;
type TransactionAdapter = Parameters<Parameters<Adapter['transaction']>[0]>[0];
type ReadHash = () => Promise<string | null | undefined>;
interface CreatedSession {
  readonly userId: string;
  readonly token: string;
}

/** BetterAuth's account of a user with a password. */
const credentialOf = (userId: string) =>
  and(eq(account.userId, userId), eq(account.providerId, 'credential'));

/** The same adapter, changed in place as in watched-adapter.ts: sessions and new passwords depend on the verified hash. */
export function holdToPassword(
  create: CreateAdapter,
  orm: Orm,
  scopes: RequestScopes,
): CreateAdapter {
  return (options: BetterAuthOptions) => {
    const adapter = create(options);
    const { transaction } = adapter;
    checkCreatedSessions(adapter, orm, scopes);
    checkPasswordUpdates(adapter, scopes);
    // A session created here follows the password change of the same transaction, whose row lock excludes another.
    adapter.transaction = (run) =>
      transaction((inner) => {
        checkPasswordUpdates(inner, scopes);
        revokeAgainAfterChange(inner);
        return run(inner);
      });
    return adapter;
  };
}

function checkCreatedSessions(adapter: Adapter, orm: Orm, scopes: RequestScopes): void {
  const { create: insert } = adapter;
  adapter.create = async (query) => {
    const verified = query.model === 'session' ? scopes.getStore()?.verified : undefined;
    const created = await insert(query).catch((error: unknown) => {
      // foreign_key_violation: the user was deleted since the password was verified.
      if (verified !== undefined && sqlState(error) === '23503') throw wrongCredentials();
      throw error;
    });
    if (verified !== undefined) {
      await keepWhileItStands(orm, created as unknown as CreatedSession, verified);
    }
    return created as never;
  };
}

function checkPasswordUpdates(adapter: TransactionAdapter, scopes: RequestScopes): void {
  const { findOne, update } = adapter;
  adapter.update = async <T>(query: Parameters<typeof update>[0]) => {
    const verified = scopes.getStore()?.verified;
    const { password } = query.update as { password?: string };
    if (!setsPassword(query) || verified === undefined) return update<T>(query);
    const readHash = async () => {
      const { model, where } = query;
      return (await findOne<{ password: string | null }>({ model, where }))?.password;
    };
    const updated = await whileItStands(readHash, verified, () => {
      const unchanged = { field: 'password', value: verified.hash };
      return update<T>({ ...query, where: [...query.where, unchanged] });
    });
    if (updated === undefined) throw wrongPassword();
    // The session that BetterAuth makes next rests on the new one.
    Object.assign(verified, { hash: password, password: undefined });
    return updated;
  };
}

/**
 * BetterAuth deletes a user's sessions before it updates the password in the same transaction. A sign-in with the old
 * password between the two statements would survive (ASVS 7.4.3), so the deletion is repeated after the update. A later
 * sign-in waits for this transaction, because it reads the account with a lock (readHashLocked).
 */
function revokeAgainAfterChange(adapter: TransactionAdapter): void {
  const { deleteMany, update, updateMany } = adapter;
  let revocation: Parameters<typeof deleteMany>[0] | undefined;
  const revokeAgain = async (query: { model: string; update: object }) => {
    if (revocation !== undefined && setsPassword(query)) await deleteMany(revocation);
  };
  adapter.deleteMany = (query) => {
    if (query.model === 'session') revocation = query;
    return deleteMany(query);
  };
  adapter.update = async <T>(query: Parameters<typeof update>[0]) => {
    const updated = await update<T>(query);
    await revokeAgain(query);
    return updated;
  };
  adapter.updateMany = async (query) => {
    const count = await updateMany(query);
    await revokeAgain(query);
    return count;
  };
}

function setsPassword({ model, update }: { model: string; update: object }): boolean {
  return model === 'account' && 'password' in update && update.password !== undefined;
}

/**
 * Ends the session again that was made on a password which changed meanwhile. Looked at after the session is there: a
 * change that comes later still ends every session after it, this one too.
 * @throws APIError 401, as for a wrong password
 */
async function keepWhileItStands(
  orm: Orm,
  { userId, token }: CreatedSession,
  verified: VerifiedPassword,
): Promise<void> {
  if (await stillStands(readHashLocked(orm, userId), verified)) return;
  await orm.delete(session).where(eq(session.token, token));
  throw wrongCredentials();
}

/** Stores a hash of the password that was verified, unless the account has another password by now. */
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
 * Deletes a user in one statement, where the request verified a password only while that is the user's.
 * @throws APIError 400, as for a wrong password
 */
export async function deleteUserWhileItStands(
  orm: Orm,
  id: string,
  verified: VerifiedPassword | undefined,
): Promise<void> {
  if (verified === undefined) {
    await orm.delete(user).where(eq(user.id, id));
    return;
  }
  const deleted = await whileItStands(readHashLocked(orm, id), verified, async () => {
    const unchanged = orm
      .select({ id: account.id })
      .from(account)
      .where(and(credentialOf(id), eq(account.password, verified.hash)));
    const deletion = orm.delete(user).where(and(eq(user.id, id), exists(unchanged)));
    return (await deletion.returning({ id: user.id })).at(0);
  });
  if (deleted === undefined) throw wrongPassword();
}

/** Acts under the condition of the verified hash, and once more where that was only renewed; undefined where it did not. */
async function whileItStands<T>(
  readHash: ReadHash,
  verified: VerifiedPassword,
  act: () => Promise<T | null | undefined>,
): Promise<T | undefined> {
  const done = await act();
  if (done !== null && done !== undefined) return done;
  return (await stillStands(readHash, verified)) ? ((await act()) ?? undefined) : undefined;
}

/** Whether the account still has the password that was verified. Follows a hash that another sign-in renewed. */
async function stillStands(readHash: ReadHash, verified: VerifiedPassword): Promise<boolean> {
  const hash = await readHash();
  if (!hash) return false;
  if (hash === verified.hash) return true;
  const { password } = verified;
  if (password === undefined || !(await verifyPassword(hash, password))) return false;
  verified.hash = hash;
  return true;
}

/** Reads the user's hash with a row lock: a transaction that is changing the password ends first. */
function readHashLocked(orm: Orm, userId: string): ReadHash {
  return async () => {
    const query = orm.select({ hash: account.password }).from(account).where(credentialOf(userId));
    return (await query.for('share')).at(0)?.hash;
  };
}

/** BetterAuth's own answer to a sign-in with a wrong password. */
function wrongCredentials(): APIError {
  return new APIError('UNAUTHORIZED', {
    code: 'INVALID_EMAIL_OR_PASSWORD',
    message: 'Invalid email or password',
  });
}

/** BetterAuth's own answer to a wrong password of somebody who is signed in. */
export function wrongPassword(): APIError {
  return new APIError('BAD_REQUEST', { code: 'INVALID_PASSWORD', message: 'Invalid password' });
}
