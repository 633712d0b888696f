/** Where a visitor may be sent back to: a path of the page's own site, or a URL of a trusted origin, as a browser reads it. */
import type { IsTrustedOrigin } from '../config/trusted-origin.js';

/** Fields and query parameters that hold such a URL, of BetterAuth's endpoints and plugins. */
const fieldName =
  /^(?:[a-z]{0,40}(?:callback|redirect|return|error|success|cancel)_?(?:url|uri|to)|redirect|next)$/i;

/** BetterAuth's code for each field; the stock clients know them. */
const codes: Readonly<Record<string, string>> = {
  callbackURL: 'INVALID_CALLBACK_URL',
  errorCallbackURL: 'INVALID_ERROR_CALLBACK_URL',
  newUserCallbackURL: 'INVALID_NEW_USER_CALLBACK_URL',
};

export function isReturnField(name: string): boolean {
  return fieldName.test(name);
}

/** The code with which such a field is refused. */
export function returnFieldCode(name: string): string {
  return Object.hasOwn(codes, name) ? String(codes[name]) : 'INVALID_REDIRECT_URL';
}

/** `elsewhere`: it leads to another site. `unreadable`: control characters, which no header may hold. */
export type ReturnUrl = { readonly url: string } | { readonly fault: 'elsewhere' | 'unreadable' };

// eslint-disable-next-line no-control-regex -- they are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Judges it after the WHATWG URL parser, which is a browser's: `/.//evil`, `/%2e//evil`, a tab after the slash and a
 * backslash in its place all lead to another host there.
 * @returns the URL as it may be sent in a header, everything beyond ASCII percent-encoded
 */
export function readReturnUrl(
  value: string,
  baseUrl: string,
  isTrusted: IsTrustedOrigin,
): ReturnUrl {
  if (value === '') return { url: value };
  const url = readPath(value, baseUrl) ?? readAbsolute(value, baseUrl, isTrusted);
  if (url === undefined) return { fault: 'elsewhere' };
  return control.test(value) ? { fault: 'unreadable' } : { url };
}

/** A path that stays on whatever site it is followed from. */
function readPath(value: string, baseUrl: string): string | undefined {
  if (!value.startsWith('/') || !URL.canParse(value, baseUrl)) return undefined;
  const { origin, username, pathname, search, hash } = new URL(value, baseUrl);
  if (origin !== new URL(baseUrl).origin || username !== '') return undefined;
  // An encoded slash or backslash is one for some routers, and BetterAuth refuses it.
  const [path = ''] = value.split(/[?#]/, 1);
  if (/\\|%2f|%5c/i.test(path) || /^\/[/\\]/.test(pathname)) return undefined;
  return isAscii(value) ? value : pathname + search + hash;
}

function readAbsolute(
  value: string,
  baseUrl: string,
  isTrusted: IsTrustedOrigin,
): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  if (url.username + url.password !== '') return undefined;
  if (!/^https?:$/.test(url.protocol)) {
    // The scheme of an app, where such a one is trusted.
    const scheme = `${url.protocol}//`;
    return isTrusted(scheme) || isTrusted(scheme + url.host) ? url.href : undefined;
  }
  const [beforeQuery = ''] = value.split(/[?#]/, 1);
  // `https:evil` and `https:/evil` are read in one way by a browser and in another by other parsers.
  if (!/^https?:\/\/[^/]/i.test(value) || beforeQuery.includes('\\')) return undefined;
  if (url.origin !== new URL(baseUrl).origin && !isTrusted(url.origin)) return undefined;
  return isAscii(value) ? value : url.href;
}

function isAscii(value: string): boolean {
  return /^[!-~]*$/.test(value);
}
