/**
 * Where several cookies of the name verify, this service looks at all of them and BetterAuth at the first alone, which
 * would sign out whoever has an older variant of the cookie. There BetterAuth is asked with the one that counts.
 */
import { readCredential } from '../../src/session/credential.js';
import { replaceCookies } from '../../src/session/sign-with-current-secret.js';
import { signToken } from '../../src/session/signed-token.js';
import type { Line } from './credentials.js';
import type { Deployment } from './deployments.js';
import { isAlive, type StoredRow } from './stored-sessions.js';

/** The header lines for BetterAuth: the same, or with the cookie that counts in place of all of its name. */
export function linesForBetterAuth(
  lines: readonly Line[],
  rows: readonly StoredRow[],
  { cookieName, secret, bearer }: Deployment,
): readonly Line[] {
  const isCookie = ([name]: Line) => name.toLowerCase() === 'cookie';
  const cookie = lines
    .filter(isCookie)
    .map(([, value]) => value)
    .join('; ');
  const authorization = lines.find(([name]) => name.toLowerCase() === 'authorization')?.[1];
  const { candidates = [] } = readCredential(
    { cookie, authorization },
    {
      cookieName,
      dontRememberCookieName: '',
      secrets: [{ version: 0, value: secret }],
      bearer,
    },
  );
  const living = rows.filter(isAlive).map(({ token }) => token);
  const counting = candidates.find(({ token }) => living.includes(token));
  if (counting === undefined) return lines;
  const value = signToken(counting.token, { version: 0, value: secret });
  const alone = replaceCookies(cookie, new Map([[cookieName, value]]));
  // As long as before, so that a request that is too large for one is too large for both.
  const filled =
    alone.length + 4 > cookie.length ? alone : `${alone}; p=`.padEnd(cookie.length, 'p');
  return [...lines.filter((line) => !isCookie(line)), ['Cookie', filled]];
}
