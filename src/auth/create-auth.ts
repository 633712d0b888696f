/** Creates BetterAuth, reduced to the interface that the rest of the service uses. */
import type { AuthContext } from 'better-auth';
import { betterAuth } from 'better-auth/minimal'; // without Kysely, which would slow down a cold start
import { databaseFault } from '../db/database-error.js';
import type { IdentityFields } from '../session/shown-fields.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { authBasePath } from './auth-constants.js';
import { createAuthOptions } from './auth-options.js';
import type { AuthPart } from './auth-part.js';
import { createEndpointFinder } from './endpoints.js';
import { getSessionFields } from './get-session-fields.js';
import { createRequestHandler, type StockAuth } from './request-handler.js';

export interface Auth {
  /** Handles a request under `/api/auth/`; returns 500 if BetterAuth fails. */
  handle(request: Request): Promise<Response>;
  /** The pattern of the endpoint at this path, without the base path, such as `/callback/:id`; undefined if there is none. */
  findEndpoint(pathname: string): Promise<string | undefined>;
  /** The fields of get-session's response; undefined if only BetterAuth can produce it, or is not loaded yet. */
  getSessionFields(): IdentityFields | undefined;
  /** The secrets in the form that BetterAuth's encryption functions accept. */
  secretConfig(): Promise<AuthContext['secretConfig']>;
}

export function createAuth(dependencies: AuthDependencies, parts: readonly AuthPart[]): Auth {
  const options = createAuthOptions(dependencies, parts);
  const auth = betterAuth(options);
  const fields = getSessionFields(options, parts);
  const endpoints = Object.values(auth.api as Record<string, { path?: string }>);
  const findEndpoint = createEndpointFinder(
    endpoints.flatMap(({ path }) => path ?? []),
    parts.flatMap(({ endpoints: enabled = [] }) => enabled),
  );
  const handleRequest = createRequestHandler(auth as unknown as StockAuth); // its type depends on these options
  return {
    handle: (request) =>
      handleRequest(request).catch((error: unknown) => {
        reportError(error, dependencies);
        return new Response(null, { status: 500 });
      }),
    findEndpoint: (pathname) =>
      Promise.resolve(
        pathname.startsWith(authBasePath)
          ? findEndpoint(pathname.slice(authBasePath.length))
          : undefined,
      ),
    getSessionFields: () => fields,
    secretConfig: async () => (await auth.$context).secretConfig,
  };
}

/** Logs an error thrown by BetterAuth, unless auth-route.ts reports it as unavailable (503) or rejected (400). */
function reportError(err: unknown, { logger, scopes }: AuthDependencies): void {
  const { requestId, unavailable } = scopes.getStore() ?? {};
  if (databaseFault(err) === 'rejected' || unavailable !== undefined) return;
  logger.error({ err, requestId }, 'auth failed');
}
