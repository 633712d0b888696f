/**
 * BetterAuth's side of the magic link, under the paths of its own plugin, which is not used: its GET consumes the token and
 * creates the session (so a mail scanner would sign in), in any browser, and the token is stored in clear.
 */
import { createAuthEndpoint } from 'better-auth/api';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { createAskingBrowser } from '../../auth/asking-browser.js';
import { withErrorsRecorded } from '../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import type { AuthPart } from '../../auth/auth-part.js';
import { createMailboxSignIn } from '../../auth/mailbox-sign-in.js';
import { redirectToPage, respondSignedIn } from '../../auth/mailed-link-endpoints.js';
import { addressId, hashToken, isForAddressOnly } from '../../auth/link-token.js';
import { createMailedLinks } from '../../auth/mailed-links.js';
import { pageFor } from '../../config/site-pages.js';
import type { FeatureInfo } from '../slots.js';
import { counterName } from './counters.js';
import { magicLink } from './tables.js';

const purpose = 'magic_link';
const verifyPath = '/magic-link/verify';

const wrongBrowser =
  'This is not the browser that asked for the link. Open the link there, or ask for a new one here.';
const unknown = 'This link belongs to no account any more.';

export function createAuthPart(
  _settings: object,
  dependencies: AuthDependencies,
  features: readonly FeatureInfo[],
): AuthPart {
  const { config, orm, scopes, mailer, count } = dependencies;
  const links = createMailedLinks(purpose, counterName, dependencies, { replaces: 'same-browser' });
  const browser = createAskingBrowser(scopes, 'sign_in');
  const mailbox = createMailboxSignIn(dependencies, {
    method: 'magic-link',
    links,
    features,
    noAccount: () => links.refuse('unknown', 'LINK_UNKNOWN', unknown, 400),
  });

  const signInMagicLink = createAuthEndpoint(
    '/sign-in/magic-link',
    {
      method: 'POST',
      body: z.object({
        email: z.email(),
        /** Of a new user. */
        name: z.string().optional(),
        codeChallenge: z.string().optional(),
        // Accepted for stock clients and ignored: SITE_PAGES decides where the link leads.
        callbackURL: z.string().optional(),
        newUserCallbackURL: z.string().optional(),
        errorCallbackURL: z.string().optional(),
      }),
      metadata: {
        openapi: {
          description: 'Mails a link that signs in, bound to the browser that asks',
        },
      },
    },
    async (ctx) => {
      const { body, context, headers } = ctx;
      const email = body.email.toLowerCase();
      browser.prepare(ctx);
      const found = (await context.internalAdapter.findUserByEmail(email))?.user;
      await withErrorsRecorded(
        scopes,
        orm.transaction(async (tx) => {
          // An address without an account costs the same statements and gets a mail too.
          const userId = found?.id ?? addressId(email);
          const token = await links.create(tx, {
            userId,
            browser: browser.challenge(),
            accountEmail: email,
          });
          const { name = '' } = body;
          await tx.insert(magicLink).values({ linkId: hashToken(token), email, name });
          const mail = {
            ...links.mail(token, headers),
            template: 'magic-link',
            to: email,
            ownerId: found?.id,
          };
          await mailer?.enqueue(tx, mailbox.mailTo(mail, found !== undefined, headers));
        }),
      );
      browser.setCookie(ctx);
      return ctx.json({ status: true });
    },
  );

  const verifyMagicLink = createAuthEndpoint(
    verifyPath,
    {
      method: 'POST',
      body: z.object({
        token: z.string(),
        /** What `codeChallenge` of the request was made from. */
        codeVerifier: z.string().optional(),
      }),
      metadata: { openapi: { description: 'Signs in with the token of a magic link' } },
    },
    async (ctx) => {
      const link = await withErrorsRecorded(scopes, links.find(ctx.body.token));
      // Otherwise a visitor could be made to open somebody else's link, and use a stranger's account without noticing.
      if (!(await browser.isSame(ctx, link))) {
        throw links.refuse('wrong_browser', 'LINK_WRONG_BROWSER', wrongBrowser, 403);
      }
      const signedIn = await mailbox.signIn(ctx, async (tx) => {
        await links.redeem(tx, link);
        const [row] = await tx.select().from(magicLink).where(eq(magicLink.linkId, link.id));
        if (row === undefined) throw links.refuse('unknown', 'LINK_UNKNOWN', unknown, 400);
        return { ...row, userId: isForAddressOnly(link) ? undefined : link.userId };
      });
      count?.(counterName, 'redeemed');
      return respondSignedIn(ctx, signedIn);
    },
  );

  const verifyMagicLinkPage = redirectToPage(verifyPath, purpose, pageFor(config, undefined));
  return {
    plugins: [
      {
        id: 'magic-link',
        endpoints: { signInMagicLink, verifyMagicLink, verifyMagicLinkPage },
      },
    ],
  };
}
