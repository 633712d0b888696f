/** Recognizes the browser that signed up: by a cookie, or by a verifier that the page keeps where cookies are refused. */
import type { GenericEndpointContext } from 'better-auth';
import { APIError } from 'better-auth/api';
import { createToken, hashToken, isToken, type MailedLink } from '../../../auth/mailed-links.js';
import { findOwnSession } from '../../../auth/own-session.js';
import type { RequestScope, RequestScopes } from '../../../request-scope.js';

type Context = GenericEndpointContext;

/** What proves later that a browser is the one that signed up. */
interface SigningUp {
  /** The value of its cookie; undefined where the page keeps the verifier itself. */
  readonly cookie: string | undefined;
  readonly challenge: string;
}

const dayInSeconds = 86_400;

export function createSignUpBrowser(scopes: RequestScopes) {
  const signingUp = new WeakMap<RequestScope, SigningUp>();
  const current = (): SigningUp | undefined => {
    const scope = scopes.getStore();
    return scope && signingUp.get(scope);
  };

  return {
    /**
     * Before the sign-up: reads the page's challenge, or chooses a secret for this browser.
     * @throws APIError 400 for an invalid challenge
     */
    prepare(ctx: Context): void {
      const scope = scopes.getStore();
      if (scope === undefined) return;
      const { codeChallenge } = (ctx.body ?? {}) as { codeChallenge?: unknown };
      if (codeChallenge === undefined) {
        const kept = ctx.getCookie(cookieOf(ctx).name);
        const cookie = kept && isToken(kept) ? kept : createToken();
        signingUp.set(scope, { cookie, challenge: hashToken(cookie) });
      } else if (typeof codeChallenge === 'string' && isToken(codeChallenge)) {
        signingUp.set(scope, { cookie: undefined, challenge: codeChallenge });
      } else {
        const message = 'codeChallenge must be the SHA-256 of the verifier in base64url.';
        throw new APIError('BAD_REQUEST', {
          code: 'INVALID_FIELD',
          message,
          field: 'codeChallenge',
        });
      }
    },

    /** What the link of this sign-up is bound to. */
    challenge: () => current()?.challenge,

    /** After the sign-up. */
    setCookie(ctx: Context): void {
      const { name, attributes } = cookieOf(ctx);
      const cookie = current()?.cookie;
      if (cookie) ctx.setCookie(name, cookie, attributes);
    },

    /** Whether the request comes from the browser that signed up, or one with a session of the account. */
    async isSame(ctx: Context, link: MailedLink): Promise<boolean> {
      const { codeVerifier } = ctx.body as { codeVerifier?: string };
      const secrets = [ctx.getCookie(cookieOf(ctx).name), codeVerifier];
      if (secrets.some((secret) => secret && hashToken(secret) === link.browser)) return true;
      // A session of the account was created with its password.
      const own = await findOwnSession(ctx.context.internalAdapter, scopes);
      return own?.user.id === link.userId;
    },
  };
}

export type SignUpBrowser = ReturnType<typeof createSignUpBrowser>;

function cookieOf({ context }: Context) {
  return context.createAuthCookie('sign_up', { maxAge: dayInSeconds });
}
