/** `POST /redirect/redeem`: the page exchanges code and verifier for a session, by fetch, so the cookie is set where it is read. */
import type { GenericEndpointContext } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { respondSignedIn } from '../../../auth/mailed-link-endpoints.js';
import { counterName } from '../counters.js';
import { redeemFault, type FlowRow, type Flows } from '../flows.js';
import type { NextStep, Refuse } from './refusals.js';
import { ProofRequired, type SignInWithIdentity } from './sign-in-with-identity.js';

export const redeemFields = {
  code: z.string(),
  code_verifier: z.string().optional(),
};

interface RedeemBody {
  readonly code: string;
  readonly code_verifier?: string | undefined;
}

export type FindFlow = ReturnType<typeof createFindFlow>;

/** Finds the flow of a code, and checks that the page may redeem it. None of the refusals uses up the code. */
export function createFindFlow({ orm, scopes }: AuthDependencies, flows: Flows, refuse: Refuse) {
  return async function findFlow(
    { headers }: Pick<GenericEndpointContext, 'headers'>,
    { code, code_verifier: verifier }: RedeemBody,
  ): Promise<FlowRow> {
    const row = await withErrorsRecorded(scopes, flows.findByCode(orm, code));
    if (row === undefined || row.origin === null) throw refuse('code_unknown', undefined);
    const { provider } = row;
    if (headers?.get('origin') !== row.origin) throw refuse('origin_differs', provider);
    if (verifier === undefined || verifier === '') throw refuse('verifier_missing', provider);
    const fault = redeemFault(row, verifier);
    if (fault !== undefined) throw refuse(fault, provider);
    return row;
  };
}

export function redeemEndpoint(
  { config, orm, scopes, count, mailer }: AuthDependencies,
  flows: Flows,
  findFlow: FindFlow,
  { signIn }: Pick<SignInWithIdentity, 'signIn'>,
  refuse: Refuse,
) {
  return createAuthEndpoint(
    '/redirect/redeem',
    {
      method: 'POST',
      body: z.object({
        ...redeemFields,
        /** The visitor has just signed in with the password in order to link the login. */
        link: z.boolean().optional(),
      }),
      metadata: { openapi: { description: 'Signs in with the code of a redirect to a provider' } },
    },
    async (ctx) => {
      const row = await findFlow(ctx, ctx.body);
      try {
        const signedIn = await signIn(ctx, row, ctx.body.link === true);
        count?.(counterName, signedIn.result);
        const response = await respondSignedIn(ctx, signedIn);
        return await ctx.json({
          ...response,
          ...(signedIn.result === 'signed_up' && { newUser: true as const }),
          ...(signedIn.result === 'linked' && { linked: true as const }),
        });
      } catch (error) {
        if (!(error instanceof ProofRequired)) throw error;
        await withErrorsRecorded(scopes, flows.extend(orm, row));
        const { decision, identity } = error;
        const next: NextStep = {
          // A password does not sign in before the address is confirmed.
          password:
            decision.reason !== 'account_exists_with_password' ||
            config.features['email-verification']?.mode !== 'required',
          mail: mailer !== undefined,
          email: decision.reason === 'email_missing',
          address: identity.email,
        };
        throw refuse(decision.reason, row.provider, next);
      }
    },
  );
}
