/** Mails a link for a new password, as "Forgot password" does, at an operator's request. */
import { hashToken, createToken, linkTo } from '../../../auth/link-token.js';
import { hashAddress, linkTimes, type LinkOwner } from '../../../auth/link-rows.js';
import { linkLifetimeMinutes } from '../../../auth/mailed-links.js';
import { pageFor } from '../../../config/site-pages.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { mailedLink } from '../../../db/schema.js';
import { CallRefused, type Call } from '../call.js';
import type { HandlerServices } from './handler.js';

const purpose = 'reset_password';

export function createResetLinks({ config, mailer, now }: HandlerServices) {
  /**
   * Within a transaction that has locked the user.
   * @returns the id of the mail
   * @throws CallRefused 409 if no mail can be sent, or too many were
   */
  return async function mailResetLink(
    tx: OrmOrTransaction,
    { id: userId, email }: LinkOwner,
    { requestId }: Call,
  ): Promise<string> {
    if (mailer === undefined || config.features['password-reset'] === undefined) {
      throw new CallRefused('MAIL_NOT_AVAILABLE');
    }
    const token = createToken();
    await tx.insert(mailedLink).values({
      id: hashToken(token),
      purpose,
      userId,
      addressHash: hashAddress(email),
      ...linkTimes(linkLifetimeMinutes),
    });
    return mailer.enqueue(tx, {
      template: 'reset-password',
      to: email,
      userId,
      requestId,
      data: {
        link: linkTo(pageFor(config, undefined), config.baseUrl, purpose, token),
        minutes: String(linkLifetimeMinutes),
      },
      expiresAt: new Date(now().getTime() + linkLifetimeMinutes * 60_000),
      whenLimited: () => Promise.reject(new CallRefused('MAIL_LIMITED')),
    });
  };
}
