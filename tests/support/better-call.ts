/** BetterAuth's cookie code (better-call), resolved to the copy that BetterAuth uses: the reference for comparisons. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

interface CookieContext {
  /** null: no such cookie or malformed; false: the signature does not verify. */
  getSignedCookie(name: string, secret: string): Promise<string | false | null>;
}

interface BetterCall {
  /** Name → value, percent-decoded; the first of several with one name. */
  parseCookies(header: string): Map<string, string>;
  serializeSignedCookie(name: string, value: string, secret: string): Promise<string>;
  createInternalContext(
    context: { headers: Headers },
    endpoint: { options: object; path: string },
  ): Promise<CookieContext>;
}

const betterAuth = createRequire(import.meta.url).resolve('better-auth');
const entry = createRequire(betterAuth).resolve('better-call');
const betterCall = (await import(pathToFileURL(entry).href)) as BetterCall;

export const parseCookies = (header: string) => betterCall.parseCookies(header);

/** The session cookie's value as BetterAuth sends it: signed and percent-encoded. */
export async function signCookie(token: string, secret: string): Promise<string> {
  return (await betterCall.serializeSignedCookie('', token, secret)).slice(1);
}

/** The token that BetterAuth would read from this cookie value of the header; undefined if none. */
export async function readSignedCookie(value: string, secret: string): Promise<string | undefined> {
  const headers = new Headers({ cookie: `signed=${value}` });
  const context = await betterCall.createInternalContext({ headers }, { options: {}, path: '/' });
  return (await context.getSignedCookie('signed', secret)) || undefined;
}
