/** Sign-ins whose first factor is verified and that wait for the second one, or for one to be set up (sign-in-gate.ts). */
import { runWithTransaction } from '@better-auth/core/context';
import type { GenericEndpointContext } from 'better-auth';
import { setSessionCookie } from 'better-auth/cookies';
import { parseUserOutput } from 'better-auth/db';
import { and, eq, gt, isNotNull, sql } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { currentTransaction } from '../db/current-transaction.js';
import { session } from '../db/schema.js';
import { hasSecondFactor } from '../features/second-factors.js';
import { withErrorsRecorded } from './atomic-changes.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { endSessionsByRequest } from './ended-by-request.js';
import { lockOwner } from './link-rows.js';
import { notSignedIn } from './own-session.js';
import { tokenFingerprint } from '../session/signed-token.js';
import {
  withProof,
  type ProofMethod,
  type SecondFactorDue,
  type SessionProofs,
} from '../session/proof.js';

type Dependencies = Pick<AuthDependencies, 'config' | 'orm' | 'scopes' | 'audit'>;

export interface PendingSignIn extends Pick<SessionProofs, 'aal' | 'methods'> {
  readonly token: string;
  readonly userId: string;
  readonly due: SecondFactorDue;
}

/** The pending sign-in that the request presents, by cookie or bearer token; undefined if there is none, or it has expired. */
export async function findPendingSignIn({
  orm,
  scopes,
}: Dependencies): Promise<PendingSignIn | undefined> {
  const token = scopes.getStore()?.sessionToken;
  if (token === undefined || token.includes('\0')) return undefined;
  const rows = await withErrorsRecorded(
    scopes,
    orm.select().from(session).where(isPendingNow(token)),
  );
  const pending = rows.map(toPending).at(0);
  const scope = scopes.getStore();
  if (pending !== undefined && scope !== undefined) scope.userId ??= pending.userId;
  return pending;
}

/**
 * Replaces the pending session by one that is signed in, under a new token (ASVS 7.2.4), and sets its cookie. In one
 * transaction, so that neither the proof nor the sign-in is used up if the other fails.
 * @param method of the second factor
 * @param prove verifies and uses it up, or throws; the user is locked by then
 * @returns as a sign-in with a password answers
 * @throws APIError 401 if the sign-in has ended meanwhile, what `prove` throws, errors of the database
 */
export async function completeSignIn(
  ctx: GenericEndpointContext,
  dependencies: Dependencies,
  pending: PendingSignIn,
  method: ProofMethod,
  prove: (tx: OrmOrTransaction) => Promise<void>,
): Promise<{ token: string; user: object }> {
  const { config, orm, scopes, audit } = dependencies;
  const { adapter, internalAdapter } = ctx.context;
  const { token, userId } = pending;
  const dontRemember = await isNotRemembered(ctx);
  const signedIn = await withErrorsRecorded(
    scopes,
    runWithTransaction(adapter, async () => {
      const tx = currentTransaction(orm);
      await lockOwner(tx, userId);
      const pendingNow = isPendingNow(token);
      const [current] = await endSessionsByRequest(
        tx,
        dependencies,
        pendingNow,
        'session_replaced',
      );
      if (current === undefined) throw notSignedIn();
      if (current.due === 'enrol') {
        // Set up by another sign-in that was under way at once: this one would have to prove it.
        if (await hasSecondFactor(tx, config.features, userId)) throw notSignedIn();
        await endPendingEnrolments(tx, dependencies, userId);
      }
      await prove(tx);
      if (method !== 'passkey') {
        await audit?.record(tx, {
          kind: 'second_factor',
          outcome: 'success',
          userId,
          session: tokenFingerprint(token),
          details: { method },
        });
      }
      const user = await internalAdapter.findUserById(userId);
      if (user === null) throw notSignedIn();
      const proofs = withProof(current, method, 2);
      return { session: await internalAdapter.createSession(userId, dontRemember, proofs), user };
    }),
  );
  await setSessionCookie(ctx, signedIn, dontRemember);
  const user = parseUserOutput(ctx.context.options, signedIn.user);
  return { token: signedIn.session.token, user };
}

/**
 * Ends the user's sign-ins that may set up a second factor, because the user has one by now: somebody else who knows the
 * password could set up another one.
 */
export async function endPendingEnrolments(
  tx: OrmOrTransaction,
  dependencies: Pick<Dependencies, 'config' | 'orm' | 'scopes' | 'audit'>,
  userId: string,
): Promise<void> {
  const pending = and(eq(session.userId, userId), eq(session.secondFactorDue, 'enrol'));
  await endSessionsByRequest(tx, dependencies, pending, 'session_revoked');
}

/** Whether the first step of the sign-in asked for a session that ends with the browser. */
async function isNotRemembered(ctx: GenericEndpointContext): Promise<boolean> {
  const { authCookies, secret } = ctx.context;
  return Boolean(await ctx.getSignedCookie(authCookies.dontRememberToken.name, secret));
}

function isPendingNow(token: string) {
  return and(
    eq(session.token, token),
    isNotNull(session.secondFactorDue),
    gt(session.expiresAt, sql`clock_timestamp()`),
  );
}

function toPending(row: typeof session.$inferSelect): PendingSignIn {
  const { token, userId, aal, methods, secondFactorDue } = row;
  if (secondFactorDue === null) throw new Error('the session is not pending');
  return { token, userId, aal, methods, due: secondFactorDue };
}
