/** What the endpoints of mailed links have in common. */
import type { GenericEndpointContext, Session, User } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import { parseUserOutput } from 'better-auth/db';
import { z } from 'zod';
import { isToken } from './link-token.js';

/**
 * The GET of an endpoint that redeems links: a redirect to the page and nothing else, because mail scanners follow links.
 * @param purpose as in the link's fragment
 */
export function redirectToPage<const Path extends string>(
  path: Path,
  purpose: string,
  page: string,
) {
  return createAuthEndpoint(
    path,
    { method: 'GET', query: z.object({ token: z.string().optional() }).optional() },
    // eslint-disable-next-line @typescript-eslint/require-await -- BetterAuth awaits it
    async (ctx) => {
      const { token } = ctx.query ?? {};
      throw ctx.redirect(token && isToken(token) ? `${page}#${purpose}=${token}` : page);
    },
  );
}

/** Answers as a sign-in with a password does. */
export async function respondSignedIn(
  ctx: GenericEndpointContext,
  signedIn: { readonly session: Session; readonly user: User },
): Promise<{ token: string; user: object }> {
  await setSessionCookie(ctx, signedIn);
  const user = parseUserOutput(ctx.context.options, signedIn.user);
  return ctx.json({ token: signedIn.session.token, user });
}
