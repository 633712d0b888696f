/** Describes a rejected credential in words that point to the setting to change. For the log. */

/** @param value of a session cookie that does not consist of a token, a dot and a signature */
export function describeMalformedValue(value: string): string {
  const dot = value.lastIndexOf('.');
  if (value === '') return 'the value is empty';
  if (dot < 1) return `${value.length} characters and no dot`;
  const signature = value.slice(dot + 1);
  if (value.includes(',')) return 'a comma: two cookies were joined into one';
  if (/["']/.test(value)) return 'a quote inside the value';
  if (signature.length !== 44) return `a signature of ${signature.length} characters`;
  return 'a signature that is not base64';
}

/** Request headers that show who sent the request. */
export interface SenderHeaders {
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | undefined;
  readonly 'user-agent'?: string | undefined;
}

/** Safari before 16.4 sends neither Origin nor Sec-Fetch-Site with a same-origin GET, but its User-Agent begins with Mozilla. */
export function isFromBrowser(headers: SenderHeaders): boolean {
  const { origin, 'sec-fetch-site': site, 'user-agent': agent = '' } = headers;
  return origin !== undefined || site !== undefined || agent.startsWith('Mozilla/');
}

/** Distinguishes, by the request's headers, a page that lost the cookie from a server that never received it. */
export function guessWhereCookieWasLost(headers: SenderHeaders, otherCookies: number): string {
  const others = otherCookies === 0 ? '' : ` (with ${otherCookies} other cookies)`;
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site') {
    return `a page on another site${others}: check credentials: 'include', SameSite=None in the cookie (BETTER_AUTH_TRUSTED_ORIGINS) and third-party cookie blocking`;
  }
  if (site === 'none') return `the address bar or a bookmark${others}: not signed in at this host`;
  if (site !== undefined) {
    return `a page on the same site${others}: not signed in, or fetch lacks credentials: 'include'`;
  }
  if (isFromBrowser(headers)) {
    return `a page whose browser does not send Sec-Fetch-Site${others}: not signed in, or fetch lacks credentials: 'include'`;
  }
  return `a server or a tool${others}: the browser's cookie did not reach it, or was not forwarded (COOKIE_DOMAIN)`;
}
