/** BetterAuth's side of the security notices: the mail is written in the transaction of the change. */
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import type { AuthPart } from '../../auth/auth-part.js';
import { withErrorsRecorded } from '../../auth/atomic-changes.js';
import { clientIpHeader } from '../../auth/auth-constants.js';
import { currentTransaction } from '../../db/current-transaction.js';
import { networkOf } from '../../log/mask-address.js';

const dayMs = 86_400_000;

export function createAuthPart(
  _settings: object,
  { config, orm, scopes, mailer }: AuthDependencies,
): AuthPart {
  return {
    plugins: [
      {
        id: 'security-notices',
        init: () => ({
          options: {
            databaseHooks: {
              account: {
                update: {
                  async before({ password }, ctx) {
                    const owner = ctx?.context.session?.user;
                    const { path, headers } = ctx ?? {};
                    // A renewed hash of the same password is no change, and a reset has its own mail.
                    if (path !== '/change-password' || !password || !owner || !mailer) return;
                    const now = new Date();
                    const origin = headers?.get('origin') ?? '';
                    const mail = {
                      template: 'password-changed',
                      to: owner.email,
                      language: headers?.get('accept-language') ?? undefined,
                      requestId: scopes.getStore()?.requestId,
                      network: networkOf(headers?.get(clientIpHeader) ?? ''),
                      data: {
                        when: `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
                        site: /^https?:/.test(origin) ? origin : config.baseUrl,
                      },
                      expiresAt: new Date(now.getTime() + dayMs),
                    };
                    await withErrorsRecorded(scopes, mailer.enqueue(currentTransaction(orm), mail));
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
