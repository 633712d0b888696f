/**
 * Sets every security-relevant BetterAuth option explicitly: none depends on a default, some of which depend on NODE_ENV.
 * tests/auth/auth-options.test.ts lists them and fails if one is undefined.
 */
import type { BetterAuthOptions } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { oldestSecret } from '../config/secrets.js';
import { cookieAttributes, cookiePrefix } from '../config/cookie-policy.js';
import { createContextWords } from './context-words.js';
import { createKnownDevices } from './known-device.js';
import { tablesOf } from '../db/client.js';
import { joiningInserts } from '../db/joined-inserts.js';
import { recordDatabaseError } from '../request-scope.js';
import { limitAccounts } from './account-limit.js';
import { limitAddresses } from './address-limit.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { createAuthLogger } from './auth-logger.js';
import { authBasePath, clientIpHeader } from './auth-constants.js';
import {
  mergePartOptions,
  mergePasswordOptions,
  disabledPathsOf,
  pathsOf,
  type AuthPart,
} from './auth-part.js';
import { capSessions, capRefresh } from './capped-sessions.js';
import { requireVerifiedPassword } from './created-session.js';
import { recordDeletedSessions } from './deleted-sessions.js';
import { hidePendingSessions } from './hide-pending-sessions.js';
import { refuseWhileImpersonating } from './impersonated-session.js';
import { createLockCheck, lockedField } from './locked-user.js';
import { recordChanges } from './record-changes.js';
import { recordUserIds } from './record-user-id.js';
import { limitPasswordChecks } from './password-check-limit.js';
import { maximumPasswordLength, minimumPasswordLength } from './password.js';
import { passwordOption } from './password-option.js';
import { createAuthHooks } from './auth-hooks.js';
import { createReplacedSessions } from './replaced-session.js';
import { deleteUserAtomically } from './atomic-changes.js';
import { createScheduledRestore, scheduledDeletionField } from './scheduled-deletion.js';
import { protectSensitiveEndpoints } from './sensitive-endpoints.js';
import { convertSessionTimes } from './sessions-in-database-time.js';
import { createSignInGate } from './sign-in-gate.js';
import { createStepUp } from './step-up.js';
import { createStepUpMethods } from './step-up-methods.js';
import { sessionProofFields } from './session-proof-fields.js';
import { trustedOriginsFor } from './trusted-origins-for.js';
import { requireUnchangedPassword } from './verified-password.js';
import { reportAdapterErrors } from './adapter-error-hook.js';

const minute = 60;
const day = 24 * 60 * minute;

/** @param parts of the enabled features */
export function createAuthOptions(dependencies: AuthDependencies, parts: readonly AuthPart[]) {
  const { config, orm, logger, scopes, limits: store, passwordCost } = dependencies;
  const { cookies, keyRing, sessionLifetime } = config;
  const stored = drizzleAdapter(joiningInserts(orm), {
    provider: 'pg',
    schema: tablesOf(orm),
    transaction: true,
  });
  const { clock } = dependencies;
  const inDatabaseTime = clock === undefined ? stored : convertSessionTimes(stored, clock);
  const plain = recordDeletedSessions(inDatabaseTime, dependencies);
  const replacedSessions = createReplacedSessions(dependencies);
  const scheduled = createScheduledRestore(dependencies);
  const lockCheck = createLockCheck(dependencies);
  const unchanged = requireUnchangedPassword(plain, orm, scopes);
  const adapter = requireVerifiedPassword(unchanged, orm, scopes, scheduled.restore);
  const recorded = recordChanges(adapter, dependencies);
  const capped = hidePendingSessions(capSessions(recorded, sessionLifetime, scopes), scopes);
  const gate = createSignInGate(dependencies, parts);
  const factors = parts.flatMap(({ secondFactors = [] }) => secondFactors);
  const methods = createStepUpMethods({ orm, scopes }, factors);
  const { rateLimits } = config;
  const attempts = store.signInAttempts({
    pause: rateLimits.pause,
    account: rateLimits.signInPerAccount,
  });
  const knownDevices = createKnownDevices(config);
  const limits = { rateLimits, store, attempts, keyRing, knownDevices, scopes, logger };
  return {
    appName: 'auth-service',
    baseURL: config.baseUrl,
    basePath: authBasePath,
    // The first of `secrets` signs; `secret` then only decrypts values stored before the list existed.
    secret: oldestSecret(keyRing).value,
    ...(keyRing.variable === 'BETTER_AUTH_SECRETS' && {
      secrets: [keyRing.current, ...keyRing.previous].map((secret) => ({ ...secret })),
    }),
    trustedOrigins: trustedOriginsFor(config),
    database: reportAdapterErrors(recordUserIds(capped, scopes), (error) =>
      recordDatabaseError(scopes.getStore(), error),
    ),
    emailAndPassword: {
      enabled: true,
      disableSignUp: false,
      autoSignIn: true,
      requireEmailVerification: false,
      minPasswordLength: minimumPasswordLength,
      maxPasswordLength: maximumPasswordLength,
      resetPasswordTokenExpiresIn: 10 * minute, // ASVS 6.5.5
      revokeSessionsOnPasswordReset: true, // ASVS 7.4.3
      password: passwordOption(dependencies, passwordCost),
      ...mergePasswordOptions(parts),
    },
    user: {
      changeEmail: { enabled: false },
      deleteUser: { enabled: true, beforeDelete: deleteUserAtomically(dependencies) },
      additionalFields: { ...scheduledDeletionField, ...lockedField },
    },
    session: {
      expiresIn: sessionLifetime.idleSeconds,
      updateAge: sessionLifetime.refreshAfterSeconds,
      freshAge: day,
      disableSessionRefresh: false,
      deferSessionRefresh: false,
      // A cached session would stay valid after sign-out (ASVS 7.4.1).
      cookieCache: { enabled: false },
      additionalFields: Object.assign(
        { ...sessionProofFields },
        ...parts.map(({ sessionFields }) => sessionFields),
      ) as typeof sessionProofFields,
    },
    account: {
      accountLinking: { enabled: false },
      encryptOAuthTokens: true,
      storeStateStrategy: 'database',
      storeAccountCookie: false,
    },
    rateLimit: limitAddresses(rateLimits, store, scopes),
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
        ipv6Subnet: 64, // the network of one customer counts as one client
      },
      // BetterAuth's default limit is 100 rows, and it does not revoke sessions that it does not list.
      database: { joins: true, validateSchema: false, defaultFindManyLimit: 10_000 },
    },
    // BetterAuth's HTML error page: this service responds only in JSON.
    disabledPaths: ['/error', ...disabledPathsOf(parts)],
    telemetry: { enabled: false, debug: false },
    logger: createAuthLogger(logger, scopes),
    // Lets create-auth.ts handle errors. Otherwise BetterAuth prints them to the console, including tokens and e-mail
    // addresses of SQL statements.
    onAPIError: { throw: true },
    // From the last to the first that runs before an endpoint.
    hooks: refuseWhileImpersonating(
      protectSensitiveEndpoints(
        limitPasswordChecks(
          limitAccounts(
            createAuthHooks(
              dependencies,
              replacedSessions,
              knownDevices,
              createContextWords(config),
            ),
            limits,
          ),
          limits,
        ),
        { scopes, methods, replaced: pathsOf(parts) },
      ),
      scopes,
    ),
    databaseHooks: {
      session: {
        ...capRefresh(sessionLifetime).session,
        create: {
          async before(session, ctx) {
            await lockCheck.beforeSession(session, ctx);
            const gated = await gate.beforeSession(session, ctx);
            if (gated.secondFactorDue === null) await scheduled.beforeSession(session, ctx);
            await replacedSessions.endInTransaction(ctx);
            return { data: gated };
          },
        },
      },
    },
    plugins: [
      createStepUp(dependencies, factors, methods),
      ...parts.flatMap(({ plugins = [] }) => plugins),
    ],
    ...mergePartOptions(parts),
  } satisfies BetterAuthOptions;
}
