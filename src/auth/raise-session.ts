/** Adds a proof to the session at hand: its level or the time of its latest proof rises, under a new token (ASVS 7.2.4). */
import { runWithTransaction } from '@better-auth/core/context';
import type { GenericEndpointContext, Session, User } from 'better-auth';
import { setSessionCookie } from 'better-auth/cookies';
import { generateRandomString } from 'better-auth/crypto';
import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { AuditKind } from '../audit-kinds.js';
import type { OrmOrTransaction } from '../db/client.js';
import { currentTransaction } from '../db/current-transaction.js';
import { session } from '../db/schema.js';
import { withErrorsRecorded } from './atomic-changes.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { recordReplacedToken } from './ended-by-request.js';
import { lockOwner } from './link-rows.js';
import { notSignedIn } from './own-session.js';
import { endPendingEnrolments } from './pending-sign-in.js';
import { tokenFingerprint } from '../session/signed-token.js';
import { withProof, type Aal, type ProofMethod, type SessionProofs } from '../session/proof.js';

/** As BetterAuth's tokens. */
const tokenLength = 32;

/** Endpoint → the event that the proof is; elsewhere it is part of another change. */
const kinds: Readonly<Record<string, AuditKind>> = {
  '/step-up': 'step_up',
  '/two-factor/verify-totp': 'second_factor',
  '/two-factor/verify-backup-code': 'second_factor',
};

export interface RaisedSession {
  readonly token: string;
  readonly session: SessionProofs;
}

/**
 * @param own the session of the request (own-session.ts)
 * @param proof the method that is being proven, and the level that it gives
 * @param prove verifies and uses it up, or throws; the user is locked by then
 * @throws APIError 401 if the session has ended meanwhile, what `prove` throws, errors of the database
 */
export async function raiseSession(
  ctx: GenericEndpointContext,
  dependencies: Pick<AuthDependencies, 'config' | 'orm' | 'scopes' | 'audit' | 'clock'>,
  own: { readonly session: Session; readonly user: User },
  { method, aal }: { readonly method: ProofMethod; readonly aal: Aal },
  prove: (tx: OrmOrTransaction) => Promise<void>,
): Promise<RaisedSession> {
  const { orm, scopes, audit, clock } = dependencies;
  const { userId, token: oldToken } = own.session;
  const raised = await withErrorsRecorded(
    scopes,
    runWithTransaction(ctx.context.adapter, async () => {
      const tx = currentTransaction(orm);
      await lockOwner(tx, userId);
      const isOwn = and(
        eq(session.token, oldToken),
        isNull(session.secondFactorDue),
        gt(session.expiresAt, sql`clock_timestamp()`),
      );
      const [current] = await tx.select().from(session).where(isOwn).for('update');
      if (current === undefined) throw notSignedIn();
      await prove(tx);
      if (aal === 2) await endPendingEnrolments(tx, dependencies, userId);
      await recordReplacedToken(tx, dependencies, oldToken);
      // By the database's clock: an instance that is ahead would make a proof that stays fresh for days.
      const aheadMs = (await clock?.compare()) ?? 0;
      const provenNow = new Date(Date.now() - aheadMs);
      const { methods, provenAt } = withProof(current, method, aal, provenNow);
      const values = {
        methods,
        provenAt,
        ...(aal === 2 && { aal }), // otherwise the level stays, which `prove` may have lowered
        token: generateRandomString(tokenLength, 'a-z', 'A-Z', '0-9'),
      };
      const [row] = await tx
        .update(session)
        .set(values)
        .where(eq(session.id, current.id))
        .returning();
      if (row === undefined) throw notSignedIn();
      await audit?.record(tx, {
        kind: kinds[ctx.path] ?? 'session_renewal',
        outcome: 'success',
        userId,
        session: tokenFingerprint(row.token),
        details: { method, aal: row.aal, replaces: tokenFingerprint(oldToken) },
      });
      return row;
    }),
  );
  const scope = scopes.getStore();
  if (scope !== undefined) {
    scope.hasRaisedSession = true;
    // The cookie of the new token ends with the session as well (cookie-lifetime.ts).
    const end = scope.absoluteExpiries?.get(oldToken);
    if (end !== undefined) scope.absoluteExpiries?.set(raised.token, end);
  }
  await setSessionCookie(ctx, { session: raised, user: own.user });
  const { token, aal: level, methods, provenAt } = raised;
  return { token, session: { aal: level, methods, provenAt } };
}
