/**
 * Every BetterAuth option that decides over security, set on purpose: none is left to a default that hangs on
 * NODE_ENV (facts.md). tests/auth-options.test.ts lists them and fails on one that is undefined.
 */
import type { BetterAuthOptions } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { oldestSecret } from '../config/secrets.js';
import { cookieAttributes, cookiePrefix } from '../config/cookie-policy.js';
import { createRateLimitStore } from '../db/rate-limit-store.js';
import { tablesOf } from '../db/client.js';
import { noteDatabaseError } from '../request-scope.js';
import { limitAccounts } from './account-limit.js';
import { limitAddresses } from './address-limit.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { createAuthLogger } from './auth-logger.js';
import { authBasePath, clientIpHeader } from './auth-names.js';
import { mergePartOptions, type AuthPart } from './auth-part.js';
import { boundSessions, endSessionsInTime } from './bounded-sessions.js';
import { noteUsers } from './noted-user.js';
import { maximumPasswordLength, minimumPasswordLength } from './password.js';
import { passwordOption } from './password-option.js';
import { createAuthHooks } from './auth-hooks.js';
import { deleteUserAtOnce } from './safe-order.js';
import { trustedOriginsFor } from './trusted-origins-for.js';
import { holdToPassword } from './verified-password.js';
import { watchAdapter } from './watched-adapter.js';

const minute = 60;
const day = 24 * 60 * minute;

/** @param parts what the features that are on add */
export function createAuthOptions(dependencies: AuthDependencies, parts: readonly AuthPart[]) {
  const { config, orm, logger, scopes, passwordCost } = dependencies;
  const { cookies, keyRing, sessionLifetime } = config;
  const plain = drizzleAdapter(orm, { provider: 'pg', schema: tablesOf(orm), transaction: true });
  const adapter = holdToPassword(plain, orm, scopes);
  const bounded = boundSessions(adapter, sessionLifetime, scopes);
  const limitStore = createRateLimitStore(orm);
  return {
    appName: 'auth-service',
    baseURL: config.baseUrl,
    basePath: authBasePath,
    // The first of `secrets` signs; `secret` then only decrypts what was stored before there was a list.
    secret: oldestSecret(keyRing).value,
    ...(keyRing.variable === 'BETTER_AUTH_SECRETS' && {
      secrets: [keyRing.current, ...keyRing.previous].map((secret) => ({ ...secret })),
    }),
    trustedOrigins: trustedOriginsFor(config),
    database: watchAdapter(noteUsers(bounded, scopes), (error) =>
      noteDatabaseError(scopes.getStore(), error),
    ),
    emailAndPassword: {
      enabled: true,
      disableSignUp: false,
      autoSignIn: true,
      // No mail leaves this service yet, so nothing may wait for one.
      requireEmailVerification: false,
      minPasswordLength: minimumPasswordLength,
      maxPasswordLength: maximumPasswordLength,
      resetPasswordTokenExpiresIn: 10 * minute, // ASVS 6.5.5
      revokeSessionsOnPasswordReset: true, // ASVS 7.4.3
      password: passwordOption(orm, scopes, passwordCost),
    },
    user: {
      changeEmail: { enabled: false },
      deleteUser: { enabled: true, beforeDelete: deleteUserAtOnce(orm, scopes) },
    },
    session: {
      expiresIn: sessionLifetime.idleSeconds,
      updateAge: sessionLifetime.refreshAfterSeconds,
      freshAge: day,
      disableSessionRefresh: false,
      deferSessionRefresh: false,
      // A cached session would stay alive after sign-out (ASVS 7.4.1).
      cookieCache: { enabled: false },
    },
    account: {
      accountLinking: { enabled: false },
      encryptOAuthTokens: true,
      storeStateStrategy: 'database',
      storeAccountCookie: false,
    },
    rateLimit: limitAddresses(config.rateLimits, limitStore, scopes),
    advanced: {
      cookiePrefix,
      useSecureCookies: cookies.secure,
      disableCSRFCheck: false,
      disableOriginCheck: false,
      trustedProxyHeaders: false,
      skipTrailingSlashes: false,
      crossSubDomainCookies: cookies.domain
        ? { enabled: true, domain: cookies.domain }
        : { enabled: false },
      defaultCookieAttributes: cookieAttributes(cookies),
      ipAddress: {
        disableIpTracking: false,
        ipAddressHeaders: [clientIpHeader],
        ipv6Subnet: 64, // one customer's network is one visitor
      },
      // A list is complete; BetterAuth's own limit is 100 rows, and it ends no session that it does not list.
      database: { joins: true, validateSchema: false, defaultFindManyLimit: 10_000 },
    },
    // BetterAuth's HTML error page; this service answers in JSON alone.
    disabledPaths: ['/error'],
    telemetry: { enabled: false, debug: false },
    logger: createAuthLogger(logger, scopes),
    // Thrown errors reach create-auth.ts. Otherwise BetterAuth prints them to the console, a statement's token and
    // e-mail included.
    onAPIError: { throw: true },
    hooks: limitAccounts(createAuthHooks(scopes, logger, orm, passwordCost), {
      limit: config.rateLimits.signInPerAccount,
      store: limitStore,
      keyRing,
      scopes,
      logger,
    }),
    databaseHooks: endSessionsInTime(sessionLifetime),
    plugins: parts.flatMap(({ plugins = [] }) => plugins),
    ...mergePartOptions(parts),
  } satisfies BetterAuthOptions;
}
