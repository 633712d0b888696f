/** BetterAuth's side of a deletion. Its own endpoint is replaced: it sends no mail, and it cannot schedule a deletion. */
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import type { AuthPart } from '../../auth/auth-part.js';
import { redirectToPage } from '../../auth/mailed-link-endpoints.js';
import { createMailedLinks } from '../../auth/mailed-links.js';
import { pageFor } from '../../config/site-pages.js';
import { deleteUserEndpoint } from './auth/delete-user.js';
import { createAccountEnding } from './auth/end-account.js';
import { verifyDeletionEndpoint } from './auth/verify-deletion.js';
import { counterName } from './counters.js';
import type { DeletionSettings } from './feature.js';

const purpose = 'delete_account';

export function createAuthPart(
  settings: DeletionSettings,
  dependencies: AuthDependencies,
): AuthPart {
  const links = createMailedLinks(purpose, counterName, dependencies);
  const endAccount = createAccountEnding(settings.graceDays, links, dependencies);
  const page = pageFor(dependencies.config, undefined);
  return {
    // A GET that deletes.
    disabledPaths: ['/delete-user/callback'],
    plugins: [
      {
        id: 'delete-account',
        endpoints: {
          deleteUser: deleteUserEndpoint(settings, links, endAccount, dependencies),
          verifyDeletion: verifyDeletionEndpoint(links, endAccount, dependencies),
          verifyDeletionPage: redirectToPage('/delete-user/verify', purpose, page),
        },
      },
    ],
  };
}
