/** The account's password, for a link that is opened in a browser which is not known to be its owner's. */
import type { GenericEndpointContext } from 'better-auth';
import type { MailedLinks } from './mailed-links.js';

/**
 * Checks `password` of the body. The transaction must check that it is still the current one.
 * @param wrongBrowser the message where the body has no password
 * @throws APIError 403 LINK_WRONG_BROWSER or 400 INVALID_PASSWORD; the link stays valid
 */
export async function requireLinkPassword(
  ctx: GenericEndpointContext,
  links: Pick<MailedLinks, 'refuse'>,
  userId: string,
  wrongBrowser: string,
): Promise<void> {
  const { password } = ctx.body as { password?: string };
  if (password === undefined)
    throw links.refuse('wrong_browser', 'LINK_WRONG_BROWSER', wrongBrowser, 403);
  const credential = await ctx.context.internalAdapter.findCredentialAccount(userId);
  const hash = credential?.password;
  if (hash && (await ctx.context.password.verify({ hash, password }))) return;
  throw links.refuse('wrong_password', 'INVALID_PASSWORD', 'Invalid password', 400);
}
