/** The links "That was not me" in security notices: they end all access to the account and begin a password reset. */
import type { AuthDependencies } from './auth-dependencies.js';
import { createMailedLinks, type MailedLinks } from './mailed-links.js';

export const notMePurpose = 'not_me';

/** The owner may read the mail only after a weekend. */
export const notMeHours = 72;

export function createNotMeLinks(counterName: string, dependencies: AuthDependencies): MailedLinks {
  return createMailedLinks(notMePurpose, counterName, dependencies, {
    lifetimeMinutes: notMeHours * 60,
    // Each notice stays usable: somebody who causes more of them must not end the first one's link.
    replaces: 'none',
  });
}
