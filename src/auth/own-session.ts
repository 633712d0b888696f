/** The session of the request, as the pipeline selected it: BetterAuth's own look-up would refresh it and set cookies. */
import type { AuthContext } from 'better-auth';
import { APIError } from 'better-auth/api';
import { and, eq, gt, sql } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { session } from '../db/schema.js';
import type { RequestScopes } from '../request-scope.js';

/** The session of the effective credential with its user, if it is active. */
export async function findOwnSession(
  adapter: AuthContext['internalAdapter'],
  scopes: RequestScopes,
) {
  const token = scopes.getStore()?.sessionToken;
  if (token === undefined) return undefined;
  const found = await adapter.findSession(token);
  return found !== null && found.session.expiresAt >= new Date() ? found : undefined;
}

/**
 * Whether a session that the request began with still exists. Once the user is locked: what ends all access to an account
 * locks it too, so afterwards nothing is done for a session that was ended meanwhile.
 */
export async function isStillSignedIn(
  tx: OrmOrTransaction,
  userId: string,
  token: string,
): Promise<boolean> {
  const own = and(
    eq(session.token, token),
    eq(session.userId, userId),
    gt(session.expiresAt, sql`clock_timestamp()`),
  );
  return (await tx.select({ id: session.id }).from(session).where(own)).length > 0;
}

/**
 * Requires the session that the request began with, once the user is locked: "That was not me" may have ended it since, and
 * must not be followed by a change that the stolen session asked for.
 * @throws APIError 401, which the service answers with the reason
 */
export async function requireStillSignedIn(
  tx: OrmOrTransaction,
  userId: string,
  token: string,
): Promise<void> {
  if (await isStillSignedIn(tx, userId, token)) return;
  throw notSignedIn();
}

/** 401 as BetterAuth's own, which the service answers with the reason (explain-refusal.ts). */
export function notSignedIn(): APIError {
  return new APIError('UNAUTHORIZED', { code: 'UNAUTHORIZED', message: 'Unauthorized' });
}
