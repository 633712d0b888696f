/**
 * If several session cookies verify, this service checks all of them; BetterAuth checks only the first, which would sign
 * out a user with an older variant of the cookie. In that case BetterAuth is sent only the cookie that counts.
 */
import { readCredential } from '../../src/session/credential.js';
import { replaceCookies } from '../../src/session/sign-with-current-secret.js';
import { signToken } from '../../src/session/signed-token.js';
import type { Line } from './credentials.js';
import type { Deployment } from './deployments.js';
import { isAlive, type StoredRow } from './stored-sessions.js';

/** The header lines for BetterAuth: the same, or with all session cookies replaced by the one that counts. */
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
  const single = replaceCookies(cookie, new Map([[cookieName, value]]));
  // Padded to its former length, so that a request that is too large for one is too large for both.
  const filled =
    single.length + 4 > cookie.length ? single : `${single}; p=`.padEnd(cookie.length, 'p');
  return [...lines.filter((line) => !isCookie(line)), ['Cookie', filled]];
}
