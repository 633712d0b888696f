/** Ends sessions on behalf of a request, and records why: by its endpoint, with its browser and session. */
import { eq, sql, type SQL } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { session } from '../db/schema.js';
import { endSessions, recordEnds, type EndedSession, type Ending } from '../db/session-endings.js';
import type { RequestScope } from '../request-scope.js';
import type { EndReason } from '../session/session-end.js';
import { tokenFingerprint } from '../session/signed-token.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { deviceName } from './browser-name.js';
import { startsSession } from './first-factors.js';

type Dependencies = Pick<AuthDependencies, 'config' | 'scopes'>;

/** Endpoint → why its request ends sessions, where that is not `session_revoked`. */
const reasons: Readonly<Record<string, EndReason>> = {
  '/sign-out': 'session_signed_out',
  '/change-password': 'session_ended_by_password_change',
  '/reset-password': 'session_ended_by_reset',
  '/delete-user': 'user_deleted',
  '/delete-user/verify': 'user_deleted',
  ...Object.fromEntries(
    startsSession
      .filter((path) => path !== '/reset-password')
      .map((path) => [path, 'session_replaced' as const]),
  ),
};

/** @param scope of the request; undefined outside of one */
export function endingBy(scope: RequestScope | undefined, reason?: EndReason): Ending {
  const { endpoint = '', userAgent, sessionToken } = scope ?? {};
  return {
    reason: reason ?? reasons[endpoint] ?? 'session_revoked',
    device: deviceName(userAgent),
    bySession: sessionToken === undefined ? undefined : tokenFingerprint(sessionToken),
  };
}

/**
 * @param which condition on rows of `session`
 * @param reason by default that of the endpoint
 */
export function endSessionsByRequest(
  db: Pick<OrmOrTransaction, 'execute'>,
  { config, scopes }: Dependencies,
  which: SQL | undefined,
  reason?: EndReason,
): Promise<EndedSession[]> {
  if (which === undefined) throw new Error('a condition is required: all sessions would end');
  const ending = endingBy(scopes.getStore(), reason);
  return endSessions(db, which, ending, config.sessionLifetime);
}

/** Records that the session's token is about to be replaced by another one. */
export async function recordReplacedToken(
  tx: Pick<OrmOrTransaction, 'execute'>,
  { config, scopes }: Dependencies,
  token: string,
): Promise<void> {
  const replaced = sql`(select * from ${session} where ${eq(session.token, token)}) as replaced`;
  const ending = endingBy(scopes.getStore(), 'session_replaced');
  await tx.execute(recordEnds(replaced, ending, config.sessionLifetime));
}
