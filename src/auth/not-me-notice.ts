/** Writes a notice about a change of an account to the outbox, with the link "That was not me". */
import type { AuthDependencies } from './auth-dependencies.js';
import type { MailedLinks } from './mailed-links.js';
import { hashToken } from './link-token.js';
import { notMeHours } from './not-me-links.js';
import { describeTime, siteOf } from './notice-details.js';
import type { OrmOrTransaction } from '../db/client.js';

export interface Owner {
  readonly id: string;
  readonly email: string;
}

const dayMs = 86_400_000;

/**
 * @param data beyond link, hours, time and site, which every notice has
 * @returns the id of its link
 */
export async function writeNotice(
  db: OrmOrTransaction,
  { id: userId, email }: Owner,
  template: string,
  headers: Headers | undefined,
  links: MailedLinks,
  { config, mailer }: AuthDependencies,
  data: Readonly<Record<string, string>> = {},
): Promise<string> {
  const now = new Date();
  const token = await links.create(db, { userId });
  const mail = links.mail(token, headers);
  await mailer?.enqueue(db, {
    ...mail,
    template,
    to: email,
    data: {
      link: mail.data.link ?? '',
      hours: String(notMeHours),
      when: describeTime(now),
      site: siteOf(config, headers),
      ...data,
    },
    expiresAt: new Date(now.getTime() + dayMs),
  });
  return hashToken(token);
}
