/** Ends all access to an account that somebody else may have used. */
import { and, eq, ne } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { account, session, user, verification } from '../db/schema.js';
import { endLinks, type MailedLink, type MailedLinks } from './mailed-links.js';

/**
 * The password and linked logins sign in no more, and sessions, trusted devices, pending challenges and mailed links end.
 * @param resets creates the link of the password reset that is due now
 * @param undoing the redeemed link, if it undoes a change: see endLinks
 * @returns the token with which the owner chooses a new password
 */
export async function endAccess(
  tx: OrmOrTransaction,
  userId: string,
  resets: MailedLinks,
  undoing?: Pick<MailedLink, 'createdAt'>,
): Promise<string> {
  // First the password: a concurrent sign-in with it then either fails or has its session deleted below.
  const credential = and(eq(account.userId, userId), eq(account.providerId, 'credential'));
  await tx.update(account).set({ password: null }).where(credential);
  // A login that somebody else has linked would be a way back in.
  const linked = and(eq(account.userId, userId), ne(account.providerId, 'credential'));
  await tx.delete(account).where(linked);
  await tx.delete(session).where(eq(session.userId, userId));
  // A deletion may have been scheduled by the same person.
  await tx.update(user).set({ deleteAfter: null }).where(eq(user.id, userId));
  await endLinks(tx, userId, undoing);
  // BetterAuth stores trusted devices and pending challenges with the user's id as their value.
  await tx.delete(verification).where(eq(verification.value, userId));
  return resets.create(tx, { userId });
}
