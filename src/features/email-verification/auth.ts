/**
 * BetterAuth's side of the e-mail verification. Its own endpoints are replaced: a GET would prove the address, with a token
 * that can be used again, and would keep a password that somebody else has planted.
 */
import type { GenericEndpointContext, User } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { createAskingBrowser } from '../../auth/asking-browser.js';
import { withErrorsRecorded } from '../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import type { AuthPart } from '../../auth/auth-part.js';
import { redirectToPage } from '../../auth/mailed-link-endpoints.js';
import { createMailedLinks } from '../../auth/mailed-links.js';
import { pageFor } from '../../config/site-pages.js';
import { coreFields, pick } from '../../session/shown-fields.js';
import { alikeSignUp } from './auth/alike-sign-up.js';
import { createVerificationMails } from './auth/verification-mails.js';
import { verifyEmailEndpoint } from './auth/verify-email.js';
import { counterName } from './counters.js';
import { errors } from './reasons.js';

type Context = GenericEndpointContext;

export function createAuthPart(
  { mode }: { readonly mode: 'optional' | 'required' },
  dependencies: AuthDependencies,
): AuthPart {
  const { config, scopes } = dependencies;
  const links = createMailedLinks('verify_email', counterName, dependencies);
  const browser = createAskingBrowser(scopes, 'sign_up');
  const mails = createVerificationMails(links, browser, dependencies);

  const isSignUp = ({ path }: { path?: string }) => path === '/sign-up/email';
  return {
    ...(mode === 'required' && {
      emailAndPassword: { requireEmailVerification: true },
    }),
    plugins: [
      {
        id: 'email-verification',
        endpoints: {
          sendVerificationEmail: mails.sendVerificationEmail,
          // The name of BetterAuth's own endpoint, a GET that proves the address, which this replaces.
          verifyEmail: redirectToPage('/verify-email', 'verify_email', pageFor(config, undefined)),
          redeemVerificationLink: verifyEmailEndpoint(links, browser, dependencies),
        },
        hooks: {
          before: [
            {
              matcher: isSignUp,
              // eslint-disable-next-line @typescript-eslint/require-await -- BetterAuth awaits it
              handler: createAuthMiddleware(async (ctx) => {
                browser.prepare(ctx as Context);
                if (mode === 'optional') return undefined;
                const mailOwner = (owner: User) =>
                  withErrorsRecorded(scopes, mails.mailExistingUser(owner, ctx as Context));
                const internalAdapter = alikeSignUp(ctx.context, mailOwner, dependencies);
                return { context: { context: { internalAdapter } } };
              }),
            },
          ],
          after: [
            {
              matcher: isSignUp,

              handler: createAuthMiddleware(async (ctx) => {
                if (ctx.context.returned instanceof APIError) return undefined;
                browser.setCookie(ctx as Context);
                return mode === 'required' ? ctx.json(withoutFeatureFields(ctx)) : undefined;
              }),
            },
            {
              matcher: ({ path }: { path?: string }) => path === '/sign-in/email',
              // eslint-disable-next-line @typescript-eslint/require-await -- BetterAuth awaits it
              handler: createAuthMiddleware(async ({ context: { returned } }) => {
                const code = 'EMAIL_NOT_VERIFIED';
                if (!(returned instanceof APIError) || returned.body?.code !== code) return;
                throw new APIError('FORBIDDEN', { code, message: errors[code].message });
              }),
            },
          ],
        },
        init: () => ({
          options: {
            databaseHooks: {
              account: {
                create: {
                  async before(account, ctx) {
                    if (ctx?.path !== '/sign-up/email') return;
                    await withErrorsRecorded(scopes, mails.mailNewUser(account.userId, ctx));
                  },
                },
              },
            },
          },
        }),
      },
    ],
  };
}

/** The core's fields: a known address gets those of a row that is not kept, and its owner's fields must not differ. */
function withoutFeatureFields({ context }: { context: { returned?: unknown } }) {
  const { user } = context.returned as { user: Record<string, unknown> };
  return { token: null, user: pick(user, coreFields.user) };
}
