/** The lifetime of BetterAuth's session cookie, where BetterAuth's own choice is wrong. */
import { decodeOnce, readCookies } from '../session/cookie-header.js';
import { splitSignedToken } from '../session/signed-token.js';

/**
 * Caps the Max-Age at the absolute session timeout, which BetterAuth does not support. Only changes the cookie of a session that was read: a new session's Max-Age is correct, a cleared cookie's is 0.
 * @param absoluteExpiries session token → when that session ends at the latest
 */
export function capCookieLifetime(
  response: Response,
  cookieName: string,
  absoluteExpiries: ReadonlyMap<string, Date>,
  now: Date,
): void {
  const lines = response.headers.getSetCookie();
  response.headers.delete('set-cookie');
  for (const line of lines) {
    const [cookie] = readCookies(line.split(';')[0] ?? '');
    const token = splitSignedToken(decodeOnce(cookie?.value ?? ''))?.token ?? '';
    const end = cookie?.name === cookieName ? absoluteExpiries.get(token) : undefined;
    response.headers.append('set-cookie', end === undefined ? line : withMaxAge(line, end, now));
  }
}

/** The cookies that BetterAuth clears with a session that it does not find. */
const sessionCookies = /^[^=]*\.(?:session_token|session_data|dont_remember)=/;

/** Removes the lines that clear cookies of the session. */
export function keepSessionCookies(response: Response): void {
  const lines = response.headers.getSetCookie();
  response.headers.delete('set-cookie');
  for (const line of lines) {
    const clears = sessionCookies.test(line) && /;\s*Max-Age=0(?:;|$)/i.test(line);
    if (!clears) response.headers.append('set-cookie', line);
  }
}

function withMaxAge(line: string, end: Date, now: Date): string {
  const left = secondsBetween(now, end);
  return line.replace(
    /Max-Age=(\d+)/,
    (_, own: string) => `Max-Age=${Math.min(Number(own), left)}`,
  );
}

/** In whole seconds; 0 if `to` has passed. */
export function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
}
