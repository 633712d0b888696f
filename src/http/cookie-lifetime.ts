/** Cuts the lifetime of BetterAuth's session cookie at the session's absolute end, of which BetterAuth knows nothing. */
import { decodeOnce, readCookies } from '../session/cookie-header.js';
import { splitSignedToken } from '../session/signed-token.js';

/**
 * Touches the cookie of a session that was read alone: a new session's lifetime is right, a cleared cookie has none.
 * @param absoluteEnds session token → when that session ends at the latest
 */
export function cutCookieLifetime(
  answer: Response,
  cookieName: string,
  absoluteEnds: ReadonlyMap<string, Date>,
  now: Date,
): void {
  const lines = answer.headers.getSetCookie();
  answer.headers.delete('set-cookie');
  for (const line of lines) {
    const [cookie] = readCookies(line.split(';')[0] ?? '');
    const token = splitSignedToken(decodeOnce(cookie?.value ?? ''))?.token ?? '';
    const end = cookie?.name === cookieName ? absoluteEnds.get(token) : undefined;
    answer.headers.append('set-cookie', end === undefined ? line : withMaxAge(line, end, now));
  }
}

function withMaxAge(line: string, end: Date, now: Date): string {
  const left = secondsBetween(now, end);
  return line.replace(
    /Max-Age=(\d+)/,
    (_, own: string) => `Max-Age=${Math.min(Number(own), left)}`,
  );
}

/** Whole seconds, 0 where the end has passed. */
export function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
}
