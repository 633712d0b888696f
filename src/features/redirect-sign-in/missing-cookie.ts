/** Guesses from a callback without the cookie of its flow where the cookie was lost: for the log. */
import type { IncomingHttpHeaders } from 'node:http';
import { cookiePrefix } from '../../config/cookie-policy.js';
import { readCookies } from '../../session/cookie-header.js';

const inAppBrowser =
  /\b(?:FBAN|FBAV|Instagram|Line|MicroMessenger|LinkedInApp|Snapchat|TikTok|GSA)\b|; wv\)/;

/** @returns a sentence for the field `seen` of the log line */
export function describeMissingCookie(
  { host = '', cookie, 'user-agent': agent = '' }: IncomingHttpHeaders,
  baseUrl: string,
): string {
  if (host !== new URL(baseUrl).host) {
    return 'the callback came to another host than the one of BETTER_AUTH_URL';
  }
  if (inAppBrowser.test(agent)) {
    return 'an in-app browser: it may have opened the provider in another browser, which has no cookie';
  }
  if (cookie === undefined) {
    return 'no cookie at all: another browser than the one that started, or one that keeps no cookies';
  }
  const hasOther = readCookies(cookie).some(({ name }) =>
    name.includes(`${cookiePrefix}.redirect.`),
  );
  return hasOther
    ? 'cookies of other flows only: this one has ended, or more than five were under way'
    : 'other cookies only: the start was opened in another browser, over http, or longer than ten minutes ago';
}
