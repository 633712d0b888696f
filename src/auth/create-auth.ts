/** BetterAuth, reduced to what the rest of the service may do with it. */
import { betterAuth } from 'better-auth/minimal'; // without Kysely, which a cold start would compile for nothing
import { databaseFault } from '../db/database-error.js';
import { authBasePath } from './auth-names.js';
import { createAuthOptions, type AuthDependencies } from './auth-options.js';
import { unreadableKeys } from './signing-keys.js';

export interface Auth {
  /** Answers one request under `/api/auth/`; 500 where BetterAuth fails. */
  handle(request: Request): Promise<Response>;
  /** Whether an endpoint stands at this path, as BetterAuth would read it. */
  hasEndpoint(pathname: string): Promise<boolean>;
  /** Ids of the stored signing keys that the present secrets do not decrypt. */
  unreadableKeys(): Promise<string[]>;
}

export function createAuth(dependencies: AuthDependencies): Auth {
  const auth = betterAuth(createAuthOptions(dependencies));
  const endpoints = Object.values(auth.api as Record<string, { path?: string }>);
  // Paths with a parameter belong to social sign-in and mailed links, which this service does not offer yet. Each
  // value of one would be a rate limit of its own, and a row of its own in the database, for anybody to make.
  const paths = endpoints.map(({ path }) => path).filter((path) => path && !path.includes(':'));
  const known = new Set(paths.map((path) => `${authBasePath}${path}`));
  return {
    handle: (request) =>
      auth.handler(request).catch((error: unknown) => {
        reportError(error, dependencies);
        return new Response(null, { status: 500 });
      }),
    hasEndpoint: (pathname) => Promise.resolve(known.has(pathname)),
    async unreadableKeys() {
      const { secretConfig } = await auth.$context;
      return unreadableKeys(dependencies.orm, secretConfig);
    },
  };
}

/** Logs an error that BetterAuth threw, unless auth-route.ts reports it: as unavailable (503) or as rejected (400). */
function reportError(err: unknown, { logger, scopes }: AuthDependencies): void {
  const { requestId, unavailable } = scopes.getStore() ?? {};
  if (databaseFault(err) === 'rejected' || unavailable !== undefined) return;
  logger.error({ err, requestId }, 'auth failed');
}
