/** Recognizes the browser that asked for a mail: by a cookie, or by a verifier that the page keeps where cookies are refused. */
import type { GenericEndpointContext } from 'better-auth';
import { APIError } from 'better-auth/api';
import { createToken, hashToken, isToken } from './link-token.js';
import { type MailedLink } from './mailed-links.js';
import { findOwnSession } from './own-session.js';
import type { RequestScope, RequestScopes } from '../request-scope.js';

type Context = GenericEndpointContext;

/** What proves later that a browser is the one that asked. */
interface Asking {
  /** The value of its cookie; undefined where the page keeps the verifier itself. */
  readonly cookie: string | undefined;
  readonly challenge: string;
}

const dayInSeconds = 86_400;

/** @param cookieName of the flow, without the prefix */
export function createAskingBrowser(scopes: RequestScopes, cookieName: string) {
  const asking = new WeakMap<RequestScope, Asking>();
  const current = (): Asking | undefined => {
    const scope = scopes.getStore();
    return scope && asking.get(scope);
  };
  const cookieOf = ({ context }: Context) =>
    context.createAuthCookie(cookieName, { maxAge: dayInSeconds });

  /** What links and codes are bound to that this browser has asked for. */
  function challenges(ctx: Context): string[] {
    const { codeVerifier } = ctx.body as { codeVerifier?: string };
    const secrets = [ctx.getCookie(cookieOf(ctx).name), codeVerifier];
    return secrets.flatMap((secret) => (secret ? hashToken(secret) : []));
  }

  return {
    /**
     * Before the mail is written: reads the page's challenge, or chooses a secret for this browser.
     * @throws APIError 400 for an invalid challenge
     */
    prepare(ctx: Context): void {
      const scope = scopes.getStore();
      if (scope === undefined) return;
      const { codeChallenge } = (ctx.body ?? {}) as { codeChallenge?: unknown };
      if (codeChallenge === undefined) {
        const kept = ctx.getCookie(cookieOf(ctx).name);
        const cookie = kept && isToken(kept) ? kept : createToken();
        asking.set(scope, { cookie, challenge: hashToken(cookie) });
      } else if (typeof codeChallenge === 'string' && isToken(codeChallenge)) {
        asking.set(scope, { cookie: undefined, challenge: codeChallenge });
      } else {
        const message = 'codeChallenge must be the SHA-256 of the verifier in base64url.';
        throw new APIError('BAD_REQUEST', {
          code: 'INVALID_FIELD',
          message,
          field: 'codeChallenge',
        });
      }
    },

    /** What the link or code of this request is bound to. */
    challenge: () => current()?.challenge,

    /** Once the mail is written. */
    setCookie(ctx: Context): void {
      const { name, attributes } = cookieOf(ctx);
      const cookie = current()?.cookie;
      if (cookie) ctx.setCookie(name, cookie, attributes);
    },

    challenges,

    /** Whether the request comes from the browser that asked, or one with a session of the account. */
    async isSame(ctx: Context, link: MailedLink): Promise<boolean> {
      if (link.browser !== null && challenges(ctx).includes(link.browser)) return true;
      // A session of the account was created with a proof of its owner's.
      const own = await findOwnSession(ctx.context.internalAdapter, scopes);
      return own?.user.id === link.userId;
    },
  };
}

export type AskingBrowser = ReturnType<typeof createAskingBrowser>;
