/**
 * BetterAuth's side of the e-mail verification. Its own endpoints are replaced: a GET would prove the address, with a token
 * that can be used again, and would keep a password that somebody else has planted.
 */
import { runWithTransaction } from '@better-auth/core/context';
import type { GenericEndpointContext } from 'better-auth';
import { APIError, createAuthEndpoint, createAuthMiddleware } from 'better-auth/api';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { withErrorsRecorded } from '../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import type { AuthPart } from '../../auth/auth-part.js';
import {
  createMailedLinks,
  createToken,
  hashToken,
  isToken,
  type MailedLink,
} from '../../auth/mailed-links.js';
import { findOwnSession } from '../../auth/own-session.js';
import { isCurrentPassword, wrongPassword } from '../../auth/verified-password.js';
import { redirectToPage, respondSignedIn } from '../../auth/mailed-link-endpoints.js';
import { pageFor } from '../../config/site-pages.js';
import { currentTransaction } from '../../db/current-transaction.js';
import type { RequestScope } from '../../request-scope.js';
import { coreFields, pick } from '../../session/shown-fields.js';
import { counterName } from './counters.js';
import { errors } from './reasons.js';

type Context = GenericEndpointContext;

/** What proves later that a browser is the one that signed up. */
interface SigningUp {
  /** The value of its cookie; undefined where the page keeps the verifier itself. */
  readonly cookie: string | undefined;
  readonly challenge: string;
}

const dayInSeconds = 86_400;

export function createAuthPart(
  { mode }: { readonly mode: 'optional' | 'required' },
  dependencies: AuthDependencies,
): AuthPart {
  const { config, orm, scopes, mailer, count } = dependencies;
  const links = createMailedLinks('verify_email', counterName, dependencies);
  const signingUp = new WeakMap<RequestScope, SigningUp>();

  /** Before the sign-up: reads the page's challenge, or chooses a secret for this browser. */
  function prepareSignUp(ctx: Context): void {
    const scope = scopes.getStore();
    if (scope === undefined) return;
    const { codeChallenge } = (ctx.body ?? {}) as { codeChallenge?: unknown };
    if (codeChallenge === undefined) {
      const kept = ctx.getCookie(browserCookie(ctx).name);
      const cookie = kept && isToken(kept) ? kept : createToken();
      signingUp.set(scope, { cookie, challenge: hashToken(cookie) });
    } else if (typeof codeChallenge === 'string' && isToken(codeChallenge)) {
      signingUp.set(scope, { cookie: undefined, challenge: codeChallenge });
    } else {
      const message = 'codeChallenge must be the SHA-256 of the verifier in base64url.';
      throw new APIError('BAD_REQUEST', { code: 'INVALID_FIELD', message, field: 'codeChallenge' });
    }
  }

  /** In the transaction of the sign-up: an account without a mail, or a mail without an account, would be wrong. */
  async function mailNewUser(userId: string, ctx: Context): Promise<void> {
    const db = currentTransaction(orm);
    const browser = signingUp.get(scopes.getStore() ?? ({} as RequestScope))?.challenge;
    const { email } = ctx.body as { email: string };
    const token = await links.create(db, { userId, browser });
    const mail = { template: 'verify-email', to: email.toLowerCase() };
    await mailer?.enqueue(db, { ...links.mail(token, ctx.headers), ...mail });
  }

  /** With `required`: a known address gets the same answer for the same number of statements, and its owner a mail. */
  async function mailExistingUser(
    { user }: { user: { id: string; email: string; emailVerified: boolean } },
    request: Request | undefined,
  ): Promise<void> {
    const headers = request?.headers;
    await withErrorsRecorded(
      scopes,
      orm.transaction(async (tx) => {
        // A proven account has no link to redeem; the row keeps the work the same.
        const userId = user.emailVerified ? randomUUID() : user.id;
        const token = await links.create(tx, { userId, inheritBrowser: true });
        const mail = links.mail(token, headers);
        const origin = headers?.get('origin') ?? '';
        const page = /^https?:/.test(origin) ? origin : config.baseUrl;
        await mailer?.enqueue(
          tx,
          user.emailVerified
            ? { ...mail, template: 'account-exists', to: user.email, data: { page } }
            : { ...mail, template: 'verify-email', to: user.email },
        );
      }),
    );
  }

  const sendVerificationEmail = createAuthEndpoint(
    '/send-verification-email',
    {
      method: 'POST',
      // `callbackURL` is accepted for stock clients and ignored: SITE_PAGES decides where the link leads.
      body: z.object({ email: z.email(), callbackURL: z.string().optional() }),
    },
    async (ctx) => {
      const to = ctx.body.email.toLowerCase();
      const { internalAdapter } = ctx.context;
      const own = (await findOwnSession(internalAdapter, scopes))?.user;
      if (own?.email === to && own.emailVerified) {
        const message = 'Email is already verified';
        throw new APIError('BAD_REQUEST', { code: 'EMAIL_ALREADY_VERIFIED', message });
      }
      const found = await internalAdapter.findUserByEmail(to);
      const user = found?.user.emailVerified === false ? found.user : undefined;
      await withErrorsRecorded(
        scopes,
        orm.transaction(async (tx) => {
          // Unknown and proven addresses cost the same statements.
          const userId = user?.id ?? randomUUID();
          const token = await links.create(tx, { userId, inheritBrowser: true });
          const mail = { template: 'verify-email', to, isDecoy: user === undefined };
          await mailer?.enqueue(tx, { ...links.mail(token, ctx.headers), ...mail });
        }),
      );
      return ctx.json({ status: true });
    },
  );

  const verifyEmailPage = redirectToPage(
    '/verify-email',
    'verify_email',
    pageFor(config, undefined),
  );

  const verifyEmail = createAuthEndpoint(
    '/verify-email',
    {
      method: 'POST',
      body: z.object({
        token: z.string(),
        /** For another browser than the one that signed up. */
        password: z.string().optional(),
        /** What `codeChallenge` of the sign-up was made from. */
        codeVerifier: z.string().optional(),
      }),
    },
    async (ctx) => {
      const { internalAdapter, adapter } = ctx.context;
      const link = await withErrorsRecorded(scopes, links.find(ctx.body.token));
      // Otherwise the owner of the address would confirm an account whose password somebody else has chosen.
      if (!(await isSigningUpBrowser(ctx, link))) await checkPassword(ctx, link.userId);
      const signedIn = await withErrorsRecorded(
        scopes,
        runWithTransaction(adapter, async () => {
          const tx = currentTransaction(orm);
          await links.redeem(tx, link);
          const { verified } = scopes.getStore() ?? {};
          if (verified && !(await isCurrentPassword(tx, link.userId, verified)))
            throw wrongPassword();
          const owner = await internalAdapter.updateUser(link.userId, { emailVerified: true });
          if (!owner) throw links.refuse('unknown', 'LINK_UNKNOWN', noAccount, 400);
          return { user: owner, session: await internalAdapter.createSession(link.userId) };
        }),
      );
      count?.(counterName, 'redeemed');
      return respondSignedIn(ctx, signedIn);
    },
  );

  async function isSigningUpBrowser(ctx: Context, link: MailedLink): Promise<boolean> {
    const { codeVerifier } = ctx.body as { codeVerifier?: string };
    const secrets = [ctx.getCookie(browserCookie(ctx).name), codeVerifier];
    if (secrets.some((secret) => secret && hashToken(secret) === link.browser)) return true;
    // A session of the account was made with its password.
    const own = await findOwnSession(ctx.context.internalAdapter, scopes);
    return own?.user.id === link.userId;
  }

  async function checkPassword(ctx: Context, userId: string): Promise<void> {
    const { password } = ctx.body as { password?: string };
    if (password === undefined) {
      const { message } = errors.LINK_WRONG_BROWSER;
      throw links.refuse('wrong_browser', 'LINK_WRONG_BROWSER', message, 403);
    }
    const credential = await ctx.context.internalAdapter.findCredentialAccount(userId);
    const hash = credential?.password;
    if (hash && (await ctx.context.password.verify({ hash, password }))) return;
    throw links.refuse('wrong_password', 'INVALID_PASSWORD', 'Invalid password', 400);
  }

  const isSignUp = ({ path }: { path?: string }) => path === '/sign-up/email';
  return {
    ...(mode === 'required' && {
      emailAndPassword: { requireEmailVerification: true, onExistingUserSignUp: mailExistingUser },
    }),
    plugins: [
      {
        id: 'email-verification',
        endpoints: { sendVerificationEmail, verifyEmail, verifyEmailPage },
        hooks: {
          before: [
            {
              matcher: isSignUp,
              // eslint-disable-next-line @typescript-eslint/require-await -- BetterAuth awaits it
              handler: createAuthMiddleware(async (ctx) => prepareSignUp(ctx as Context)),
            },
          ],
          after: [
            {
              matcher: isSignUp,
              // eslint-disable-next-line @typescript-eslint/require-await -- BetterAuth awaits it
              handler: createAuthMiddleware(async (ctx) => {
                if (ctx.context.returned instanceof APIError) return undefined;
                const scope = scopes.getStore();
                const cookie = scope && signingUp.get(scope)?.cookie;
                const { name, attributes } = browserCookie(ctx as Context);
                if (cookie) ctx.setCookie(name, cookie, attributes);
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
                    await withErrorsRecorded(scopes, mailNewUser(account.userId, ctx));
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

/** Fields of features have other values in BetterAuth's answer for a known address, which stores no account. */
function withoutFeatureFields({ context }: { context: { returned?: unknown } }) {
  const { user } = context.returned as { user: Record<string, unknown> };
  return { token: null, user: pick(user, coreFields.user) };
}

const noAccount = 'This link belongs to no account any more.';

function browserCookie({ context }: Context) {
  return context.createAuthCookie('sign_up', { maxAge: dayInSeconds });
}
