/** The mails to the owner of an account about a login that was linked or unlinked. */
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { createNotMeLinks } from '../../../auth/not-me-links.js';
import { writeNotice, type Owner } from '../../../auth/not-me-notice.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { linkCounterName } from '../counters.js';

export type NoticeOfLogin = (
  tx: OrmOrTransaction,
  template: 'login-linked' | 'login-unlinked',
  owner: Owner,
  provider: string,
  headers: Headers | undefined,
) => Promise<void>;

export function createNoticeOfLogin(dependencies: AuthDependencies): NoticeOfLogin {
  const { identityProviders, mailer } = dependencies;
  const links = createNotMeLinks(linkCounterName, dependencies);

  return async function writeNoticeOfLogin(tx, template, owner, id, headers) {
    if (mailer === undefined) return;
    const provider = identityProviders?.find(id)?.label ?? id;
    await writeNotice(tx, owner, template, headers, links, dependencies, { provider });
  };
}
