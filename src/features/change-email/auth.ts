/**
 * BetterAuth's side of a change of the e-mail address. BetterAuth's own flow is replaced: it asks for no password, changes
 * the address by a GET whose token can be replayed, and does not notify the old mailbox.
 */
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import type { AuthPart } from '../../auth/auth-part.js';
import { redirectToPage } from '../../auth/mailed-link-endpoints.js';
import { undoPurpose } from '../../auth/link-rows.js';
import { createMailedLinks } from '../../auth/mailed-links.js';
import { pageFor } from '../../config/site-pages.js';
import { requestChangeEndpoint } from './auth/request-change.js';
import { undoChangeEndpoint } from './auth/undo-change.js';
import { verifyChangeEndpoint } from './auth/verify-change.js';
import { changeCounter, undoCounter } from './counters.js';

const changePurpose = 'change_email';

/** The owner may read the mail only after a weekend. */
const undoHours = 72;

export function createAuthPart(_settings: object, dependencies: AuthDependencies): AuthPart {
  const changes = createMailedLinks(changePurpose, changeCounter, dependencies);
  const undos = createMailedLinks(undoPurpose, undoCounter, dependencies, {
    lifetimeMinutes: undoHours * 60,
    // The link for the first address stays valid after a second change.
    replaces: 'none',
  });
  const page = pageFor(dependencies.config, undefined);
  return {
    // Its GET would change an address too.
    disabledPaths: ['/verify-email'],
    plugins: [
      {
        id: 'change-email',
        endpoints: {
          changeEmail: requestChangeEndpoint(changes, dependencies),
          verifyChangedEmail: verifyChangeEndpoint({ changes, undos, undoHours }, dependencies),
          verifyChangedEmailPage: redirectToPage('/change-email/verify', changePurpose, page),
          undoChangedEmail: undoChangeEndpoint(undos, dependencies),
          undoChangedEmailPage: redirectToPage('/change-email/undo', undoPurpose, page),
        },
      },
    ],
  };
}
