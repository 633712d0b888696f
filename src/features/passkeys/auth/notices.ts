/** The mails to the owner of an account about a passkey that was added or removed. */
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { createNotMeLinks } from '../../../auth/not-me-links.js';
import { writeNotice, type Owner } from '../../../auth/not-me-notice.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { linkCounterName } from '../counters.js';

export type WriteNotice = ReturnType<typeof createNotices>;

export function createNotices(dependencies: AuthDependencies) {
  const links = createNotMeLinks(linkCounterName, dependencies);

  return async function writeNoticeOfPasskey(
    tx: OrmOrTransaction,
    template: 'passkey-added' | 'passkey-removed',
    owner: Owner,
    headers: Headers | undefined,
  ): Promise<void> {
    if (dependencies.mailer === undefined) return;
    await writeNotice(tx, owner, template, headers, links, dependencies);
  };
}
