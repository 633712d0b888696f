/**
 * Whether browsers keep the session cookie and send it from each page, by the attributes it came with. What each
 * family does was measured with Chromium 156, Firefox 153 and WebKitGTK 2.50 and read for Safari, in 2026.
 */
import { isIP } from 'node:net';
import { isLoopbackHost, isPublicSuffix, isSameSite } from '../../config/site.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import { quoted } from '../foreign-text.js';
import type { SetCookie } from '../set-cookie.js';

const cookiesFollow =
  'cookies follow from BETTER_AUTH_URL and BETTER_AUTH_TRUSTED_ORIGINS: set both, and let no proxy rewrite Set-Cookie';
const neverKept = 'Browsers drop the cookie, so sign-in succeeds and nobody is signed in.';

export function* judgeSetCookie(
  cookie: SetCookie,
  authUrl: string,
  origins: readonly string[],
): Generator<Finding> {
  const dropped = [...whyDropped(cookie, new URL(authUrl))];
  yield* dropped;
  yield* careless(cookie, new URL(authUrl));
  if (dropped.length > 0) return;
  for (const origin of origins) {
    if (isSameSite(origin, authUrl)) {
      const how =
        cookie.sameSite === undefined ? 'no SameSite' : `SameSite=${quoted(cookie.sameSite)}`;
      yield ok(
        'COOKIE_SENT',
        `${origin} is on the same site: every browser sends the cookie (${how})`,
      );
    } else {
      yield thirdParty(cookie, authUrl, origin);
    }
  }
}

/** What no browser keeps. */
function* whyDropped(cookie: SetCookie, auth: URL): Generator<Finding> {
  const { name, value, secure, sameSite, partitioned, domain } = cookie;
  if (value === '' || cookie.isExpired) {
    yield fail('COOKIE_EXPIRED', {
      seen: `the cookie ${value === '' ? 'is empty' : 'ends the moment it is set'}`,
      why: neverKept,
      fix: "let no proxy rewrite Set-Cookie, and compare the clocks: the service's cookie lasts for days",
    });
  }
  if (!secure && (sameSite === 'none' || partitioned)) {
    yield fail('COOKIE_NEEDS_SECURE', {
      seen: `the cookie is ${sameSite === 'none' ? 'SameSite=None' : 'Partitioned'} without Secure`,
      why: neverKept,
      fix: `serve by https; ${cookiesFollow}`,
    });
  } else if (!secure && /^__(?:Secure|Host)-/i.test(name)) {
    yield fail('COOKIE_NEEDS_SECURE', {
      seen: `the cookie's name begins with ${name.slice(0, name.indexOf('-') + 1)}, and it has no Secure`,
      why: neverKept,
      fix: cookiesFollow,
    });
  }
  if (/^__Host-/i.test(name) && (cookie.path !== '/' || domain !== undefined)) {
    yield fail('COOKIE_PREFIX_REFUSED', {
      seen: `the cookie's name begins with __Host-, and it has ${domain === undefined ? 'not Path=/' : 'a Domain'}`,
      why: neverKept,
      fix: cookiesFollow,
    });
  }
  if (secure && auth.protocol === 'http:' && !isLoopbackHost(auth.hostname)) {
    yield fail('COOKIE_SECURE_OVER_HTTP', {
      seen: 'the cookie is Secure, and came over http',
      why: neverKept,
      fix: 'call the service by https',
    });
  }
  if (domain !== undefined && domain !== auth.hostname && isPublicSuffix(domain)) {
    yield fail('COOKIE_DOMAIN_REFUSED', {
      seen: `the cookie is for ${quoted(domain)}, a public suffix that unrelated people share`,
      why: neverKept,
      fix: 'remove COOKIE_DOMAIN, or use a domain of your own',
    });
  } else if (domain !== undefined && !isUnder(auth.hostname, domain)) {
    yield fail('COOKIE_DOMAIN_REFUSED', {
      seen: `the cookie is for ${quoted(domain)}, which ${auth.hostname} is not under`,
      why: neverKept,
      fix: 'set COOKIE_DOMAIN to a parent of the host, or remove it',
    });
  }
  if (cookie.bytes > 4096) {
    yield fail('COOKIE_TOO_LARGE', {
      seen: `the cookie has ${cookie.bytes} bytes`,
      why: neverKept,
      fix: 'let no proxy add to it: the service sets one of less than 200',
    });
  }
}

/** What browsers keep, and should not have to. */
function* careless({ secure, httpOnly, path }: SetCookie, auth: URL): Generator<Finding> {
  if (auth.protocol === 'https:' && !secure) {
    yield fail('COOKIE_NOT_SECURE', {
      seen: 'the cookie came over https without Secure',
      why: 'A single request by http shows it to anyone on the way.',
      fix: `set BETTER_AUTH_URL=${auth.origin}, and let no proxy rewrite Set-Cookie`,
    });
  }
  if (!httpOnly) {
    yield fail('COOKIE_NOT_HTTPONLY', {
      seen: 'the cookie has no HttpOnly',
      why: 'Any script that gets onto the page can read it and sign in elsewhere.',
      fix: 'let no proxy rewrite Set-Cookie: the service always sends HttpOnly',
    });
  }
  if (path !== '/') {
    yield fail('COOKIE_PATH', {
      seen: `the cookie is for the path ${path === undefined ? 'that set it' : quoted(path)}, not /`,
      why: 'Browsers do not send it to /session, nor to an API on the same host.',
      fix: 'let no proxy rewrite Set-Cookie (proxy_cookie_path): the service sends Path=/',
    });
  }
}

/** A page on another site: what Chromium, Firefox and Safari each do. */
function thirdParty(cookie: SetCookie, authUrl: string, origin: string): Finding {
  const sites = `${origin} is on another site than ${authUrl}${becauseOfSuffix(origin, authUrl)}`;
  if (cookie.sameSite !== 'none') {
    return fail('COOKIE_SAMESITE', {
      seen: `${sites}, and the cookie is ${cookie.sameSite === undefined ? 'without SameSite' : `SameSite=${quoted(cookie.sameSite)}`}`,
      why: 'No browser sends it along with what a page on another site fetches.',
      fix: `add ${origin} to BETTER_AUTH_TRUSTED_ORIGINS (the cookie follows), or put both under one domain`,
    });
  }
  if (!cookie.partitioned) {
    return warn('COOKIE_NOT_PARTITIONED', {
      seen: `${sites}, and the cookie is not Partitioned`,
      why: 'Firefox sends it; Chrome does not in Incognito or where third-party cookies are blocked, and Safari never.',
      fix: `${cookiesFollow}; best of all, put both under one domain`,
    });
  }
  return warn('COOKIE_SAFARI', {
    seen: `${sites}: Chrome, Edge and Firefox send the cookie, Safari only from 26.2`,
    why: 'Visitors with an older Safari, every browser on an older iPhone among them, are never signed in.',
    fix: 'put both under one domain, or set BEARER_TOKENS=on and let the page send the token',
  });
}

function becauseOfSuffix(origin: string, authUrl: string): string {
  const [one, other] = [origin, authUrl].map((url) => parentOf(new URL(url).hostname));
  const isShared = one !== undefined && one === other && one.includes('.') && isPublicSuffix(one);
  if (isShared) return ` (${one} is a public suffix: each name under it is a site of its own)`;
  const isScheme = new URL(origin).protocol !== new URL(authUrl).protocol;
  return isScheme ? ' (http and https are two)' : '';
}

function parentOf(host: string): string | undefined {
  return host.includes('.') ? host.slice(host.indexOf('.') + 1) : undefined;
}

/** Whether a cookie for this domain goes to that host. An address has no parents (RFC 6265bis 5.1.3). */
export function isUnder(host: string, domain: string): boolean {
  return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}
