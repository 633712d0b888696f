/** Ends sessions on behalf of a request, and records why: by its endpoint, with its browser and session. */
import { eq, sql, type SQL } from 'drizzle-orm';
import type { AuditTrail } from '../audit.js';
import type { AuditKind } from '../audit-kinds.js';
import type { OrmOrTransaction } from '../db/client.js';
import { session } from '../db/schema.js';
import { endSessions, recordEnds, type EndedSession, type Ending } from '../db/session-endings.js';
import type { RequestScope } from '../request-scope.js';
import type { EndReason } from '../session/reasons.js';
import { tokenFingerprint } from '../session/signed-token.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { deviceName } from '../log/browser-name.js';
import { startsSession } from './first-factors.js';

type Dependencies = Pick<AuthDependencies, 'config' | 'orm' | 'scopes' | 'audit'>;

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

/** Endpoint → the event that it is to end sessions; elsewhere that is part of another change. */
const kinds: Readonly<Record<string, AuditKind>> = {
  '/sign-out': 'sign_out',
  '/revoke-session': 'session_revoke',
  '/revoke-sessions': 'session_revoke',
  '/revoke-other-sessions': 'session_revoke',
};

/** Fingerprints of ended sessions in one event. */
const mostFingerprints = 20;

/** @param scope of the request; undefined outside of one */
export function endingBy(scope: RequestScope | undefined, reason?: EndReason): Ending {
  const { endpoint = '', client, sessionToken } = scope ?? {};
  return {
    reason: reason ?? reasons[endpoint] ?? 'session_revoked',
    device: deviceName(client?.userAgent),
    bySession: sessionToken === undefined ? undefined : tokenFingerprint(sessionToken),
  };
}

/**
 * @param db a transaction, or the Orm itself
 * @param which condition on rows of `session`
 * @param reason by default that of the endpoint
 */
export async function endSessionsByRequest(
  db: OrmOrTransaction,
  { config, orm, scopes, audit }: Dependencies,
  which: SQL | undefined,
  reason?: EndReason,
): Promise<EndedSession[]> {
  if (which === undefined) throw new Error('a condition is required: all sessions would end');
  const scope = scopes.getStore();
  const end = (on: OrmOrTransaction) =>
    endSessions(on, which, endingBy(scope, reason), config.sessionLifetime);
  if (audit === undefined || !recordsEnd(scope)) return end(db);
  const endAndRecord = async (tx: OrmOrTransaction) => {
    const ended = await end(tx);
    await recordEnded(tx, audit, scope, ended);
    return ended;
  };
  return db === orm ? orm.transaction(endAndRecord) : endAndRecord(db);
}

function recordsEnd(scope: RequestScope | undefined): boolean {
  return Object.hasOwn(kinds, scope?.endpoint ?? '');
}

/** Records that the request has ended sessions, if that is what its endpoint is for. @throws what the driver throws */
export async function recordEnded(
  db: OrmOrTransaction,
  audit: AuditTrail,
  scope: RequestScope | undefined,
  ended: readonly EndedSession[],
): Promise<void> {
  const { endpoint = '', requestId, client, sessionToken } = scope ?? {};
  const kind = kinds[endpoint];
  const [first] = ended;
  if (kind === undefined || first === undefined) return;
  const by = sessionToken ?? first.token;
  const fingerprints = ended.slice(0, mostFingerprints).map(({ token }) => tokenFingerprint(token));
  await audit.record(db, {
    kind,
    outcome: 'success',
    userId: first.userId,
    session: tokenFingerprint(by),
    requestId,
    client,
    details: { ended: ended.length, sessions: fingerprints },
  });
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
