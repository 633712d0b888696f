/** What to do about an Origin that is not trusted, by what kind of caller sends it. For the log. */
import { isAppOrigin } from '../config/app-origin.js';

/** @param origin as the header holds it; undefined where there is none */
export function originHint(origin: string | undefined): string {
  if (origin === undefined) {
    return 'cookies came without an Origin: a server, a tool or a native app sends Origin with BETTER_AUTH_URL or an origin of BETTER_AUTH_TRUSTED_ORIGINS, or no Cookie; Expo’s client names its scheme, like myapp://, which BETTER_AUTH_TRUSTED_ORIGINS must list';
  }
  if (origin === 'null') {
    return 'the page has no origin of its own (opened as a file, in a sandboxed frame, or sent on by a redirect), and null can never be trusted: serve it over https, and give the frame allow-same-origin';
  }
  if (isWebOrigin(origin) || isAppOrigin(origin)) {
    return 'not trusted: browsers show the page no answer; add it to BETTER_AUTH_TRUSTED_ORIGINS';
  }
  if (origin.startsWith('file:')) {
    return 'a page opened as a file cannot be trusted: serve it over http://localhost or https';
  }
  return 'no browser writes an origin so: the caller should send scheme, host and port in lower case, without a slash at the end';
}

function isWebOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return ['http:', 'https:'].includes(url.protocol) && url.origin === origin;
}
