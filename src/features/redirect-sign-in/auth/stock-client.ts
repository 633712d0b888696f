/**
 * What BetterAuth's stock clients call (`signIn.social`, `linkSocial`), where site and service share one site: the flow
 * then ends on this host, and the site's page finds the cookie. BetterAuth's own endpoints are replaced: their state
 * belongs to no provider and can be used twice, their calls have no deadline, and a client's ID token signs in.
 */
import type { GenericEndpointContext } from 'better-auth';
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { z } from 'zod';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { requireFreshProof } from '../../../auth/fresh-session.js';
import { respondSignedIn } from '../../../auth/mailed-link-endpoints.js';
import { findOwnSession, notSignedIn } from '../../../auth/own-session.js';
import { isSameSite } from '../../../config/site.js';
import { ProviderFailure } from '../../../identity-providers.js';
import { counterName } from '../counters.js';
import { readFlowCookie, writeFlowCookie } from '../flow-cookie.js';
import { redeemFault, type Flows } from '../flows.js';
import type { RedirectReasonName } from '../reasons.js';
import { unknownReason } from '../start-route.js';
import { flowSecrets, type FlowState, type States } from '../state.js';
import type { Refuse } from './refusals.js';
import { ProofRequired, type SignInWithIdentity } from './sign-in-with-identity.js';

const bodySchema = z.object({
  provider: z.string(),
  callbackURL: z.string().optional(),
  errorCallbackURL: z.string().optional(),
  newUserCallbackURL: z.string().optional(),
  disableRedirect: z.boolean().optional(),
  loginHint: z.string().optional(),
  // Refused: a token that a page sends was issued to another party, or for another flow.
  idToken: z.unknown().optional(),
  // Ignored: the scopes are fixed.
  scopes: z.array(z.string()).optional(),
  requestSignUp: z.boolean().optional(),
  additionalData: z.unknown().optional(),
});

export function stockClientEndpoints(
  { config, scopes, identityProviders, orm, count }: AuthDependencies,
  states: States,
  flows: Flows,
  { signIn }: Pick<SignInWithIdentity, 'signIn'>,
  refuse: Refuse,
) {
  /** A page's path or URL, which validate-input.ts has found to be trusted. */
  function pageUrl(value: string | undefined, headers: Headers | undefined): string | undefined {
    if (value === undefined || value === '') return undefined;
    const origin = headers?.get('origin') ?? config.baseUrl;
    const url = new URL(value, /^https?:/.test(origin) ? origin : config.baseUrl);
    return url.href;
  }

  async function start(
    ctx: GenericEndpointContext,
    body: z.infer<typeof bodySchema>,
    linkUserId: string | undefined,
  ): Promise<object> {
    const { provider, loginHint } = body;
    if (body.idToken !== undefined) {
      const message = 'ID tokens of clients are not accepted: use the redirect.';
      throw new APIError('BAD_REQUEST', { code: 'ID_TOKEN_NOT_SUPPORTED', message });
    }
    const found = identityProviders?.find(provider);
    if (found === undefined) throw refuse(unknownReason(provider), provider);
    const returnTo = pageUrl(body.callbackURL, ctx.headers) ?? config.baseUrl;
    if (!isSameSite(returnTo, config.baseUrl)) {
      throw new APIError('BAD_REQUEST', {
        code: 'REDIRECT_OTHER_SITE',
        message:
          'A page on another site must start with GET /api/auth/redirect/start: a cookie that is set here would not reach it.',
      });
    }
    const { state, text, cookie } = states.begin({
      provider,
      returnTo,
      errorTo: pageUrl(body.errorCallbackURL, ctx.headers),
      newUserTo: pageUrl(body.newUserCallbackURL, ctx.headers),
      linkUserId,
    });
    try {
      const url = await found.authorizationUrl(flowSecrets(text, state, cookie), loginHint);
      ctx.setHeader('set-cookie', writeFlowCookie(state, cookie, config.cookies, found.postsForm));
      count?.(counterName, 'started');
      return await ctx.json({ url: url.href, redirect: body.disableRedirect !== true });
    } catch (error) {
      if (error instanceof ProviderFailure) throw refuse(error.reason, provider);
      throw error;
    }
  }

  const signInSocial = createAuthEndpoint(
    '/sign-in/social',
    {
      method: 'POST',
      body: bodySchema,
      metadata: {
        openapi: { description: 'Starts a sign-in with a provider, for pages on the same site' },
      },
    },
    (ctx) => start(ctx, ctx.body, undefined),
  );

  const linkSocialAccount = createAuthEndpoint(
    '/link-social',
    {
      method: 'POST',
      body: bodySchema,
      metadata: {
        openapi: { description: 'Starts to link a provider, for pages on the same site' },
      },
    },
    async (ctx) => {
      const own = await findOwnSession(ctx.context.internalAdapter, scopes);
      if (own === undefined) throw notSignedIn();
      requireFreshProof(own);
      return start(ctx, ctx.body, own.user.id);
    },
  );

  const finishRedirect = createAuthEndpoint(
    '/redirect/finish',
    {
      method: 'GET',
      query: z.object({ code: z.string(), state: z.string() }),
      metadata: { openapi: { description: 'Where a redirect of a page on the same site ends' } },
    },
    async (ctx) => {
      const { code, state: text } = ctx.query;
      const state = states.read(text);
      if (state === undefined) throw refuse('state_unknown', undefined);
      const fail = (reason: string) => ctx.redirect(withError(state, reason));
      const scope = scopes.getStore();
      if (scope !== undefined) scope.unavailablePage = withError(state, 'service_unavailable');
      const row = await withErrorsRecorded(scopes, flows.findByCode(orm, code));
      const cookie = readFlowCookie(ctx.headers?.get('cookie') ?? '', state, config.cookies);
      const refusal = ((): RedirectReasonName | undefined => {
        if (cookie === undefined) return 'state_cookie_missing';
        if (row === undefined || row.origin !== null) return 'code_unknown';
        return redeemFault(row, cookie);
      })();
      if (refusal !== undefined || row === undefined) {
        refuse(refusal ?? 'code_unknown', row?.provider);
        throw fail(refusal ?? 'code_unknown');
      }
      const signedIn = await signIn(ctx, row, false).catch((error: unknown) => {
        if (error instanceof ProofRequired) {
          refuse(error.decision.reason, row.provider); // for log and counter
          throw fail(error.decision.reason);
        }
        if (!(error instanceof APIError)) throw error;
        throw fail(reasonOf(error));
      });
      count?.(counterName, signedIn.result);
      await respondSignedIn(ctx, signedIn);
      const { newUserTo = state.returnTo } = state;
      throw ctx.redirect(signedIn.result === 'signed_up' ? newUserTo : state.returnTo);
    },
  );

  return { signInSocial, linkSocialAccount, finishRedirect };
}

function withError({ errorTo, returnTo }: FlowState, reason: string): string {
  const url = new URL(errorTo ?? returnTo);
  url.searchParams.set('error', reason);
  return url.href;
}

function reasonOf({ body }: APIError): string {
  const { reason } = (body ?? {}) as { reason?: unknown };
  return typeof reason === 'string' ? reason : 'internal_error';
}
