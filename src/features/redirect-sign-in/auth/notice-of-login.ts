/** The mails to the owner of an account about a login that was linked or unlinked, with the link "That was not me". */
import type { User } from 'better-auth';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { createNotMeLinks, notMeHours } from '../../../auth/not-me-links.js';
import { describeTime, siteOf } from '../../../auth/notice-details.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { linkCounterName } from '../counters.js';

export type NoticeOfLogin = (
  tx: OrmOrTransaction,
  template: 'login-linked' | 'login-unlinked',
  user: Pick<User, 'id' | 'email'>,
  provider: string,
  headers: Headers | undefined,
) => Promise<void>;

const dayMs = 86_400_000;

export function createNoticeOfLogin(dependencies: AuthDependencies): NoticeOfLogin {
  const { config, identityProviders, mailer } = dependencies;
  const links = createNotMeLinks(linkCounterName, dependencies);

  return async function writeNotice(tx, template, { id: userId, email }, provider, headers) {
    if (mailer === undefined) return;
    const now = new Date();
    const mail = links.mail(await links.create(tx, { userId }), headers);
    await mailer.enqueue(tx, {
      ...mail,
      template,
      to: email,
      userId,
      data: {
        link: mail.data.link ?? '',
        hours: String(notMeHours),
        when: describeTime(now),
        site: siteOf(config, headers),
        provider: identityProviders?.find(provider)?.label ?? provider,
      },
      expiresAt: new Date(now.getTime() + dayMs),
    });
  };
}
