/**
 * BetterAuth's side of the e-mail code, under the paths of its own plugin, which is not used: there three wrong guesses by
 * anybody end the owner's code, each resend resets the count, and codes are stored in clear.
 */
import { createAuthEndpoint } from 'better-auth/api';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { createAskingBrowser } from '../../auth/asking-browser.js';
import { withErrorsRecorded } from '../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import type { AuthPart } from '../../auth/auth-part.js';
import { createMailboxSignIn } from '../../auth/mailbox-sign-in.js';
import { respondSignedIn } from '../../auth/mailed-link-endpoints.js';
import { addressId, isForAddressOnly } from '../../auth/link-token.js';
import { createMailedLinks, linkLifetimeMinutes } from '../../auth/mailed-links.js';
import { mailedLink } from '../../db/schema.js';
import type { Mail } from '../../mailer.js';
import type { FeatureInfo } from '../slots.js';
import { createCodes, purpose } from './auth/codes.js';
import { createTries } from './auth/tries.js';
import { counterName } from './counters.js';

export function createAuthPart(
  _settings: object,
  dependencies: AuthDependencies,
  features: readonly FeatureInfo[],
): AuthPart {
  const { orm, scopes, mailer, count } = dependencies;
  const links = createMailedLinks(purpose, counterName, dependencies);
  const tries = createTries(dependencies);
  const codes = createCodes(links, tries, dependencies);
  const browser = createAskingBrowser(scopes, 'sign_in');
  const mailbox = createMailboxSignIn(dependencies, {
    method: 'email-otp',
    links,
    features,
    noAccount: () => codes.refuse('unknown'),
  });

  const sendVerificationOtp = createAuthEndpoint(
    '/email-otp/send-verification-otp',
    {
      method: 'POST',
      body: z.object({
        email: z.email(),
        type: z.literal('sign-in'),
        codeChallenge: z.string().optional(),
      }),
      metadata: {
        openapi: {
          description: 'Mails a code of six digits that signs in, bound to the browser that asks',
        },
      },
    },
    async (ctx) => {
      const { body, context, headers } = ctx;
      const email = body.email.toLowerCase();
      browser.prepare(ctx);
      const challenge = browser.challenge();
      const areUsedUp = await withErrorsRecorded(scopes, tries.areUsedUp(email, challenge ?? ''));
      // The same for every address: a code that cannot be used must not be mailed as if it could.
      if (areUsedUp) throw codes.refuse('tries_exceeded');
      const found = (await context.internalAdapter.findUserByEmail(email))?.user;
      await withErrorsRecorded(
        scopes,
        orm.transaction(async (tx) => {
          // An address without an account costs the same statements and gets a mail too.
          const userId = found?.id ?? addressId(email);
          const { id, code } = await codes.create(tx, {
            userId,
            browser: challenge,
            accountEmail: email,
          });
          const mail: Mail = {
            ...links.mailOrigin(headers),
            template: 'email-code',
            to: email,
            ownerId: found?.id,
            data: { code, minutes: String(linkLifetimeMinutes) },
            async whenLimited(db) {
              await db.delete(mailedLink).where(eq(mailedLink.id, id));
            },
          };
          await mailer?.enqueue(tx, mailbox.mailTo(mail, found !== undefined, headers));
        }),
      );
      browser.setCookie(ctx);
      return ctx.json({ success: true });
    },
  );

  const signInEmailOtp = createAuthEndpoint(
    '/sign-in/email-otp',
    {
      method: 'POST',
      body: z.object({
        email: z.email(),
        otp: z.string().regex(/^\d{6}$/, 'must have six digits'),
        /** What `codeChallenge` of the request was made from. */
        codeVerifier: z.string().optional(),
      }),
      metadata: { openapi: { description: 'Signs in with a mailed code of six digits' } },
    },
    async (ctx) => {
      const email = ctx.body.email.toLowerCase();
      const found = (await ctx.context.internalAdapter.findUserByEmail(email))?.user;
      const entered = {
        email,
        code: ctx.body.otp,
        // Two in any case: the statement must not differ by whether the address has an account.
        userIds: [addressId(email), found?.id ?? addressId(email)],
        browsers: browser.challenges(ctx),
      };
      const code = await withErrorsRecorded(scopes, codes.find(entered));
      const signedIn = await mailbox.signIn(ctx, async (tx) => {
        await codes.redeem(tx, code);
        return { email, userId: isForAddressOnly(code) ? undefined : code.userId };
      });
      count?.(counterName, 'redeemed');
      return respondSignedIn(ctx, signedIn);
    },
  );

  return { plugins: [{ id: 'email-code', endpoints: { sendVerificationOtp, signInEmailOtp } }] };
}
