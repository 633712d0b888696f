/** Validates return URLs: a path on the page's own site, or a URL of a trusted origin, as a browser parses it. */
import type { IsTrustedOrigin } from '../config/trusted-origin.js';

/** Names of fields and query parameters with return URLs, in BetterAuth's endpoints and plugins. */
const fieldName =
  /^(?:[a-z]{0,40}(?:callback|redirect|return|error|success|cancel)_?(?:url|uri|to)|redirect|next)$/i;

/** BetterAuth's error code for each field, which the stock clients know. */
const codes: Readonly<Record<string, string>> = {
  callbackURL: 'INVALID_CALLBACK_URL',
  errorCallbackURL: 'INVALID_ERROR_CALLBACK_URL',
  newUserCallbackURL: 'INVALID_NEW_USER_CALLBACK_URL',
};

export function isReturnField(name: string): boolean {
  return fieldName.test(name);
}

/** The error code for an invalid value of this field. */
export function returnFieldCode(name: string): string {
  return Object.hasOwn(codes, name) ? String(codes[name]) : 'INVALID_REDIRECT_URL';
}

/** `elsewhere`: it points to an untrusted site. `unreadable`: it has control characters, which are not allowed in headers. */
export type ReturnUrl = { readonly url: string } | { readonly fault: 'elsewhere' | 'unreadable' };

// eslint-disable-next-line no-control-regex -- matched on purpose
const control = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Validates the URL as parsed by the WHATWG URL parser, which browsers use: `/.//evil`, `/%2e//evil`, a tab after the
 * slash and a backslash instead of it all point to another host.
 * @returns the URL in a form that is safe in a header, with non-ASCII characters percent-encoded
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

/** A path that stays on the site on which it is followed. */
function readPath(value: string, baseUrl: string): string | undefined {
  if (!value.startsWith('/') || !URL.canParse(value, baseUrl)) return undefined;
  const { origin, username, pathname, search, hash } = new URL(value, baseUrl);
  if (origin !== new URL(baseUrl).origin || username !== '') return undefined;
  // Some routers decode an encoded slash or backslash, and BetterAuth rejects it.
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
    // A native application's scheme, if it is trusted.
    const scheme = `${url.protocol}//`;
    return isTrusted(scheme) || isTrusted(scheme + url.host) ? url.href : undefined;
  }
  const [beforeQuery = ''] = value.split(/[?#]/, 1);
  // Browsers and other parsers read `https:evil` and `https:/evil` differently.
  if (!/^https?:\/\/[^/]/i.test(value) || beforeQuery.includes('\\')) return undefined;
  if (url.origin !== new URL(baseUrl).origin && !isTrusted(url.origin)) return undefined;
  return isAscii(value) ? value : url.href;
}

function isAscii(value: string): boolean {
  return /^[!-~]*$/.test(value);
}
