/** Signing in with a passkey: by button or from the autofill of a form, and as the second factor of a sign-in that waits for one. */
import { runWithTransaction } from '@better-auth/core/context';
import { generateAuthenticationOptions } from '@simplewebauthn/server';
import type { GenericEndpointContext } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { parseSessionOutput } from 'better-auth/db';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { lockOwner } from '../../../auth/link-rows.js';
import { respondSignedIn } from '../../../auth/mailed-link-endpoints.js';
import { findOwnSession } from '../../../auth/own-session.js';
import { completeSignIn, findPendingSignIn } from '../../../auth/pending-sign-in.js';
import { currentTransaction } from '../../../db/current-transaction.js';
import { withProof } from '../../../session/proof.js';
import { counterName } from '../counters.js';
import type { PasskeySettings } from '../feature.js';
import type { Assertions, CheckedAssertion } from './assertions.js';
import { challengeLifetimeMs, type Challenges } from './challenges.js';
import { describePasskeys } from './passkey-rows.js';
import type { Refuse } from './refusals.js';

export function signInOptionsEndpoint(
  { rpId }: PasskeySettings,
  dependencies: AuthDependencies,
  challenges: Challenges,
) {
  const { orm, scopes } = dependencies;
  return createAuthEndpoint(
    '/passkey/generate-authenticate-options',
    {
      method: 'GET',
      metadata: { openapi: { description: 'Options for `navigator.credentials.get()`' } },
    },
    async (ctx) => {
      const own = await findOwnSession(ctx.context.internalAdapter, scopes);
      const userId = own?.user.id ?? (await findPendingSignIn(dependencies))?.userId;
      const options = await generateAuthenticationOptions({
        rpID: rpId,
        challenge: challenges.issue('verify'),
        timeout: challengeLifetimeMs,
        userVerification: 'required',
        // Without a user the browser offers all passkeys of the domain.
        ...(userId !== undefined && {
          allowCredentials: await withErrorsRecorded(scopes, describePasskeys(orm, userId)),
        }),
      });
      return ctx.json(options);
    },
  );
}

export function signInEndpoint(
  dependencies: AuthDependencies,
  assertions: Assertions,
  refuse: Refuse,
) {
  const { config, orm, scopes, count } = dependencies;
  const requiresVerified = config.features['email-verification']?.mode === 'required';

  /** A passkey with user verification is two factors: what the device has, and what unlocks it (NIST SP 800-63B, 3.1.6). */
  async function signIn(ctx: GenericEndpointContext, checked: CheckedAssertion) {
    const { adapter, internalAdapter } = ctx.context;
    const { userId } = checked;
    const signedIn = await withErrorsRecorded(
      scopes,
      runWithTransaction(adapter, async () => {
        const tx = currentTransaction(orm);
        await lockOwner(tx, userId);
        await assertions.use(tx, checked);
        const user = await internalAdapter.findUserById(userId);
        if (user === null) throw refuse('passkey_unknown');
        if (requiresVerified && !user.emailVerified) throw refuse('passkey_email_not_verified');
        const proofs = withProof(undefined, 'passkey', 2);
        return { user, session: await internalAdapter.createSession(userId, undefined, proofs) };
      }),
    );
    return respondSignedIn(ctx, signedIn);
  }

  return createAuthEndpoint(
    '/passkey/verify-authentication',
    {
      method: 'POST',
      /** What the browser returned; checked in responses.ts, with a reason for each fault. */
      body: z.object({ response: z.unknown() }),
      metadata: { openapi: { description: 'Signs in with a passkey' } },
    },
    async (ctx) => {
      const checked = await withErrorsRecorded(scopes, assertions.check(orm, ctx.body.response));
      const pending = await findPendingSignIn(dependencies);
      const signedIn =
        pending?.userId === checked.userId
          ? await completeSignIn(ctx, dependencies, pending, 'passkey', (tx) =>
              assertions.use(tx, checked),
            )
          : await signIn(ctx, checked);
      count?.(counterName, 'signed_in');
      const { newSession, options } = ctx.context;
      // As BetterAuth's stock client expects it.
      const session = newSession === null ? {} : parseSessionOutput(options, newSession.session);
      return ctx.json({ ...signedIn, session });
    },
  );
}
