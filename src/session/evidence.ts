/** What a refused credential looked like, in words that point to the setting to change. For the log. */

/** @param value of a session cookie that is not a token, a dot and a signature */
export function whatWasSeen(value: string): string {
  const dot = value.lastIndexOf('.');
  if (value === '') return 'the value is empty';
  if (dot < 1) return `${value.length} characters and no dot`;
  const signature = value.slice(dot + 1);
  if (value.includes(',')) return 'a comma: two cookies were joined into one';
  if (/["']/.test(value)) return 'a quote inside the value';
  if (signature.length !== 44) return `a signature of ${signature.length} characters`;
  return 'a signature that is not base64';
}

/** What of a request's headers tells who sent it. */
export interface SenderHeaders {
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | undefined;
  readonly 'user-agent'?: string | undefined;
}

/** Safari before 16.4 sends neither Origin nor Sec-Fetch-Site with a GET to its own host, but calls itself Mozilla. */
export function isFromBrowser(headers: SenderHeaders): boolean {
  const { origin, 'sec-fetch-site': site, 'user-agent': agent = '' } = headers;
  return origin !== undefined || site !== undefined || agent.startsWith('Mozilla/');
}

/** The request's own headers tell a page that lost the cookie from a server that never had it. */
export function whereItWasLost(headers: SenderHeaders, otherCookies: number): string {
  const others = otherCookies === 0 ? '' : ` (${otherCookies} other cookies came)`;
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site') {
    return `a page on another site${others}: check credentials: 'include', SameSite=None in the cookie (BETTER_AUTH_TRUSTED_ORIGINS) and third-party cookie blocking`;
  }
  if (site === 'none') return `the address bar or a bookmark${others}: not signed in at this host`;
  if (site !== undefined) {
    return `a page on the same site${others}: not signed in, or fetch lacks credentials: 'include'`;
  }
  if (isFromBrowser(headers)) {
    return `a page, of which site its browser does not say${others}: not signed in, or fetch lacks credentials: 'include'`;
  }
  return `a server or a tool${others}: the browser's cookie did not reach it, or it was not forwarded (COOKIE_DOMAIN)`;
}
