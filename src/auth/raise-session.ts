/** Adds a proof to the session at hand: its level or the time of its latest proof rises, under a new token (ASVS 7.2.4). */
import { runWithTransaction } from '@better-auth/core/context';
import type { GenericEndpointContext, Session, User } from 'better-auth';
import { setSessionCookie } from 'better-auth/cookies';
import { generateRandomString } from 'better-auth/crypto';
import { and, eq, gt, isNull } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { currentTransaction } from '../db/current-transaction.js';
import { session } from '../db/schema.js';
import { withErrorsRecorded } from './atomic-changes.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { recordReplacedToken } from './ended-by-request.js';
import { lockOwner } from './link-rows.js';
import { notSignedIn } from './own-session.js';
import { endPendingEnrolments } from './pending-sign-in.js';
import { withProof, type Aal, type ProofMethod, type SessionProofs } from '../session/proof.js';

/** As BetterAuth's tokens. */
const tokenLength = 32;

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
  dependencies: Pick<AuthDependencies, 'config' | 'orm' | 'scopes'>,
  own: { readonly session: Session; readonly user: User },
  { method, aal }: { readonly method: ProofMethod; readonly aal: Aal },
  prove: (tx: OrmOrTransaction) => Promise<void>,
): Promise<RaisedSession> {
  const { orm, scopes } = dependencies;
  const { userId, token: oldToken } = own.session;
  const raised = await withErrorsRecorded(
    scopes,
    runWithTransaction(ctx.context.adapter, async () => {
      const tx = currentTransaction(orm);
      await lockOwner(tx, userId);
      const isOwn = and(
        eq(session.token, oldToken),
        isNull(session.secondFactorDue),
        gt(session.expiresAt, new Date()),
      );
      const [current] = await tx.select().from(session).where(isOwn).for('update');
      if (current === undefined) throw notSignedIn();
      await prove(tx);
      if (aal === 2) await endPendingEnrolments(tx, dependencies, userId);
      await recordReplacedToken(tx, dependencies, oldToken);
      const values = {
        ...withProof(current, method, aal),
        token: generateRandomString(tokenLength, 'a-z', 'A-Z', '0-9'),
      };
      const [row] = await tx
        .update(session)
        .set(values)
        .where(eq(session.id, current.id))
        .returning();
      if (row === undefined) throw notSignedIn();
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
