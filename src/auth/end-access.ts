/** Ends access to an account, within a transaction that has locked the user (link-rows.ts). */
import { and, eq, ne } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { removeFeatureWaysIn } from '../features/ways-in.js';
import { account, user, verification } from '../db/schema.js';
import { sessionsOf } from '../db/session-endings.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { endSessionsByRequest } from './ended-by-request.js';
import { endLinks, type MailedLink, type MailedLinks } from './mailed-links.js';
import type { EndReason } from '../session/reasons.js';

type Dependencies = Pick<AuthDependencies, 'config' | 'orm' | 'scopes' | 'audit'>;

/**
 * Sessions, mailed links and codes, trusted devices and pending challenges end; the ways to sign in stay.
 * @param undoing the redeemed link, if it undoes a change: see endLinks
 */
export async function endSessionsAndLinks(
  tx: OrmOrTransaction,
  dependencies: Dependencies,
  userId: string,
  reason: EndReason,
  undoing?: Pick<MailedLink, 'createdAt'>,
): Promise<void> {
  await endSessionsByRequest(tx, dependencies, sessionsOf(userId), reason);
  await endLinks(tx, userId, undoing);
  // BetterAuth stores trusted devices and pending challenges with the user's id as their value.
  await tx.delete(verification).where(eq(verification.value, userId));
}

/** Logins at providers that somebody else may have linked. */
export async function removeLinkedAccounts(tx: OrmOrTransaction, userId: string): Promise<void> {
  const linked = and(eq(account.userId, userId), ne(account.providerId, 'credential'));
  await tx.delete(account).where(linked);
}

/**
 * Ends all access to an account that somebody else may have used: the password, linked logins and recent passkeys sign in no
 * more either.
 * @param resets creates the link of the password reset that is due now
 * @param since when somebody else may have got access: passkeys that are older stay
 * @param undoing as above
 * @returns the token with which the owner chooses a new password
 */
export async function endAccess(
  tx: OrmOrTransaction,
  dependencies: Dependencies,
  userId: string,
  resets: MailedLinks,
  since: Date,
  undoing?: Pick<MailedLink, 'createdAt'>,
): Promise<string> {
  const credential = and(eq(account.userId, userId), eq(account.providerId, 'credential'));
  await tx.update(account).set({ password: null }).where(credential);
  await removeLinkedAccounts(tx, userId);
  await removeFeatureWaysIn(tx, userId, since);
  // A deletion may have been scheduled by the same person.
  await tx.update(user).set({ deleteAfter: null }).where(eq(user.id, userId));
  await endSessionsAndLinks(tx, dependencies, userId, 'session_revoked', undoing);
  return resets.create(tx, { userId });
}
