/**
 * A change that takes the password or a fresh proof. The right password also renews the proof of the session, under a new
 * token: the user was just there, and need not prove it again for what they do next.
 */
import type { GenericEndpointContext, Session, User } from 'better-auth';
import type { OrmOrTransaction } from '../db/client.js';
import { withErrorsRecorded } from './atomic-changes.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { requirePasswordOrFreshProof } from './fresh-session.js';
import { lockOwner } from './link-rows.js';
import { requireStillSignedIn } from './own-session.js';
import { raiseSession } from './raise-session.js';
import { isCurrentPassword, wrongPassword } from './verified-password.js';

/**
 * @param own the session of the request (own-session.ts)
 * @param password of the request's body
 * @param change runs once the user is locked, and the session was not ended meanwhile
 * @returns what `change` returns
 * @throws APIError 400 for a wrong password, 401 if the session has ended, 403 without a fresh proof, what `change` throws,
 * errors of the database
 */
export async function changeWithProof<T>(
  ctx: GenericEndpointContext,
  dependencies: Pick<AuthDependencies, 'config' | 'orm' | 'scopes' | 'audit'>,
  own: { readonly session: Session; readonly user: User },
  password: string | undefined,
  change: (tx: OrmOrTransaction) => Promise<T>,
): Promise<T> {
  const { orm, scopes } = dependencies;
  await requirePasswordOrFreshProof(ctx, own, password);
  const { id: userId } = own.user;
  if (password === undefined) {
    const changed = orm.transaction(async (tx) => {
      await lockOwner(tx, userId);
      await requireStillSignedIn(tx, userId, own.session.token);
      return change(tx);
    });
    return withErrorsRecorded(scopes, changed);
  }
  const results: T[] = [];
  await raiseSession(ctx, dependencies, own, { method: 'password', aal: 1 }, async (tx) => {
    const { verified } = scopes.getStore() ?? {};
    if (verified && !(await isCurrentPassword(tx, userId, verified))) throw wrongPassword();
    results.push(await change(tx));
  });
  return results[0] as T;
}
