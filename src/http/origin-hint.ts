/** How to fix an Origin that is not trusted, by kind of caller. For the log. */
import { isAppOrigin } from '../config/app-origin.js';

/** @param origin the header's value; undefined if there is none */
export function originHint(origin: string | undefined): string {
  if (origin === undefined) {
    return 'cookies without an Origin: a server, a tool or a native app must send BETTER_AUTH_URL or one of BETTER_AUTH_TRUSTED_ORIGINS as Origin, or no Cookie; Expo’s client sends its scheme, such as myapp://, which BETTER_AUTH_TRUSTED_ORIGINS must list';
  }
  if (origin === 'null') {
    return 'the page has no origin of its own (opened as a file, in a sandboxed frame, or after a redirect), and null can never be trusted: serve it over https, and set allow-same-origin on the frame';
  }
  if (isWebOrigin(origin) || isAppOrigin(origin)) {
    return 'not trusted: browsers hide the response from the page; add the origin to BETTER_AUTH_TRUSTED_ORIGINS';
  }
  if (origin.startsWith('file:')) {
    return 'a page opened as a file cannot be trusted: serve it over http://localhost or https';
  }
  return 'no browser sends such an origin: the caller should send scheme, host and port in lower case, without a trailing slash';
}

function isWebOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return ['http:', 'https:'].includes(url.protocol) && url.origin === origin;
}
