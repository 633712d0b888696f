/** Brings a session cookie that an older secret signed to the present one, which is the only one BetterAuth verifies. */
import { decodeOnce, readCookies } from './cookie-header.js';
import { signToken, verifySignedToken, type SigningSecret } from './signed-token.js';

/**
 * The Cookie header with the session cookie re-signed; unchanged where that cookie verifies with the present secret
 * or with none. Without this, a rotated secret would sign everybody out, and nobody could sign out.
 * @param secrets the present one first
 */
export function resignCookie(
  header: string,
  cookieName: string,
  secrets: readonly SigningSecret[],
): string {
  const [present] = secrets;
  const cookies = readCookies(header);
  const index = cookies.findIndex(({ name }) => name === cookieName);
  const cookie = cookies[index];
  if (present === undefined || cookie === undefined) return header;
  const verified = verifySignedToken(decodeOnce(cookie.value), secrets);
  if (verified === undefined || verified.isCurrent) return header;
  const value = encodeURIComponent(signToken(verified.token, present));
  return cookies.map((each, at) => `${each.name}=${at === index ? value : each.value}`).join('; ');
}
