/** BetterAuth's side of the security notices: a mail about each change of the password, and each sign-in from a new device. */
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import type { AuthPart } from '../../auth/auth-part.js';
import { withErrorsRecorded } from '../../auth/atomic-changes.js';
import { clientIpHeader } from '../../auth/auth-constants.js';
import { redirectToPage } from '../../auth/mailed-link-endpoints.js';
import { createNotMeLinks, notMePurpose } from '../../auth/not-me-links.js';
import { isPending } from '../../auth/hide-pending-sessions.js';
import { writeNotice } from '../../auth/not-me-notice.js';
import { pageFor } from '../../config/site-pages.js';
import { currentTransaction } from '../../db/current-transaction.js';
import { networkOf } from '../../log/mask-address.js';
import { notMeEndpoint } from './auth/not-me.js';
import { browserName } from '../../log/browser-name.js';
import { counterName } from './counters.js';
import { recordDevice } from './known-devices.js';

export function createAuthPart(_settings: object, dependencies: AuthDependencies): AuthPart {
  const { config, logger, orm, scopes, mailer } = dependencies;
  const links = createNotMeLinks(counterName, dependencies);

  return {
    plugins: [
      {
        id: 'security-notices',
        endpoints: {
          notMe: notMeEndpoint(links, dependencies),
          notMePage: redirectToPage(
            '/security-notices/not-me',
            notMePurpose,
            pageFor(config, undefined),
          ),
        },
        init: ({ internalAdapter }) => ({
          options: {
            databaseHooks: {
              account: {
                update: {
                  async before({ password }, ctx) {
                    const owner = ctx?.context.session?.user;
                    // A renewed hash of the same password is no change, and a reset has its own mail.
                    if (ctx?.path !== '/change-password' || !password || !owner || !mailer) return;
                    const db = currentTransaction(orm);
                    const { headers } = ctx;
                    const written = writeNotice(
                      db,
                      owner,
                      'password-changed',
                      headers,
                      links,
                      dependencies,
                    );
                    await withErrorsRecorded(scopes, written);
                  },
                },
              },
              session: {
                create: {
                  // After the commit of the sign-in, which must not fail because of a notice.
                  async after(created, ctx) {
                    const { userId } = created;
                    const headers = ctx?.headers;
                    // Not a request, or the second factor is due first.
                    if (headers === undefined || isPending(created)) return;
                    const browser = browserName(headers.get('user-agent'));
                    const network = networkOf(headers.get(clientIpHeader) ?? '');
                    try {
                      const device = { browser: browser ?? 'unknown', network };
                      if (!(await recordDevice(orm, userId, device))) return;
                      const owner = await internalAdapter.findUserById(userId);
                      if (owner === null) return;
                      await orm.transaction((tx) =>
                        writeNotice(tx, owner, 'new-device', headers, links, dependencies, {
                          browser: browser ?? '?',
                          network,
                        }),
                      );
                    } catch (err) {
                      const requestId = scopes.getStore()?.requestId;
                      logger.warn({ err, userId, requestId }, 'no notice of a sign-in was written');
                    }
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
