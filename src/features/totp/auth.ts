/**
 * BetterAuth's side of second factors. Its own two-factor plugin is not used: only three ways to sign in pass it, codes are
 * accepted twice, guesses with a session are not counted, and trusted devices survive a reset.
 */
import { createAuthMiddleware } from 'better-auth/api';
import { withErrorsRecorded } from '../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import type { AuthPart } from '../../auth/auth-part.js';
import { findOwnSession } from '../../auth/own-session.js';
import { currentTransaction } from '../../db/current-transaction.js';
import type { SettingsOf } from '../definition.js';
import { deviceEndpoints } from './auth/device-endpoints.js';
import { enrolmentEndpoints } from './auth/enrolment.js';
import { createFactors } from './auth/factors.js';
import { verificationEndpoints } from './auth/verification.js';
import type { totp } from './feature.js';

/** Who signs out everywhere, or changes the password, does not mean to leave a way around the second factor. */
const revocations: readonly string[] = ['/revoke-sessions', '/revoke-other-sessions'];

export function createAuthPart(
  { mode }: SettingsOf<typeof totp>,
  dependencies: AuthDependencies,
): AuthPart {
  const { orm, scopes } = dependencies;
  const factors = createFactors(dependencies, mode === 'required');
  const { secrets, backupCodes, devices } = factors;
  return {
    secondFactors: [
      {
        method: 'totp',
        field: 'totp',
        isEnrolled: (db, userId) => secrets.isEnrolled(db, userId),
        check: (ctx, userId, value) => secrets.check(ctx, userId, String(value)),
      },
      {
        method: 'backup_code',
        field: 'backupCode',
        isEnrolled: async (db, userId) => (await backupCodes.left(db, userId)) > 0,
        check: async (ctx, userId, value) => {
          const use = await backupCodes.check(userId, String(value));
          return async (tx) => {
            await use(tx);
            const left = String(await backupCodes.left(tx, userId));
            await factors.notify(tx, userId, 'backup-code-used', ctx.headers, { left });
          };
        },
      },
    ],
    secondFactorPolicy: {
      isRequired: factors.isRequired,
      async isTrustedDevice(ctx, userId) {
        const isTrusted = await devices.isTrusted(ctx, userId);
        if (isTrusted) factors.count('trusted_device');
        return isTrusted;
      },
    },
    plugins: [
      {
        id: 'totp',
        schema: {
          user: {
            fields: {
              twoFactorEnabled: {
                type: 'boolean',
                required: true,
                input: false,
                defaultValue: false,
              },
            },
          },
        },
        endpoints: {
          ...enrolmentEndpoints(dependencies, factors),
          ...verificationEndpoints(dependencies, factors),
          ...deviceEndpoints(dependencies, factors),
        },
        hooks: {
          before: [
            {
              matcher: ({ path }) => revocations.includes(path ?? ''),
              // Before the sessions end: if it fails, nothing is half done.
              handler: createAuthMiddleware(async ({ context: { internalAdapter } }) => {
                const own = await findOwnSession(internalAdapter, scopes);
                if (own === undefined) return; // BetterAuth answers 401
                await withErrorsRecorded(scopes, devices.revoke(orm, own.user.id));
              }),
            },
          ],
        },
        init: () => ({
          options: {
            databaseHooks: {
              account: {
                update: {
                  // In the transaction that changes the password.
                  async before({ password }, ctx) {
                    const userId = ctx?.context.session?.user.id;
                    if (ctx?.path !== '/change-password' || !password || !userId) return;
                    const revoked = devices.revoke(currentTransaction(orm), userId);
                    await withErrorsRecorded(scopes, revoked);
                  },
                },
              },
            },
          },
        }),
      },
    ],
  };
}
