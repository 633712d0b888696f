/**
 * What an operator who acts as a user cannot do: everything that changes the account or proves who the user is. An
 * impersonated session reads, signs out, and ends with a sign-in.
 */
import type { BetterAuthOptions, GenericEndpointContext } from 'better-auth';
import { APIError } from 'better-auth/api';
import { errorTable } from '../errors.js';
import type { RequestScopes } from '../request-scope.js';
import { firstFactors } from './first-factors.js';
import { findOwnSession } from './own-session.js';
import { sensitiveEndpoints } from './sensitive-endpoints.js';

type Hooks = Required<NonNullable<BetterAuthOptions['hooks']>>;

/** Endpoints that are no GET, and change nothing of the account that is signed in. */
const harmless: ReadonlySet<string> = new Set([
  ...Object.keys(firstFactors),
  '/passkey/verify-authentication',
  '/sign-out',
]);

/** @returns the hooks, with requests of impersonated sessions refused first: 403 `IMPERSONATING` */
export function refuseWhileImpersonating(hooks: Hooks, scopes: RequestScopes): Hooks {
  return {
    ...hooks,
    before: async (ctx) => {
      const { path, context } = ctx as unknown as GenericEndpointContext;
      const { method } = ctx as { readonly method?: unknown };
      const isHarmless =
        harmless.has(path) || (method === 'GET' && !sensitiveEndpoints.includes(path));
      if (isHarmless || scopes.getStore()?.sessionToken === undefined) return hooks.before(ctx);
      const own = await findOwnSession(context.internalAdapter, scopes);
      if (own !== undefined && isImpersonated(own.session)) {
        const { message } = errorTable.IMPERSONATING;
        throw new APIError('FORBIDDEN', {
          code: 'IMPERSONATING',
          message,
          reason: 'impersonating',
        });
      }
      return hooks.before(ctx);
    },
  };
}

function isImpersonated(session: object): boolean {
  const { impersonatedBy } = session as { impersonatedBy?: string | null };
  return impersonatedBy !== undefined && impersonatedBy !== null;
}
