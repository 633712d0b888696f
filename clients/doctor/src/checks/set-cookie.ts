/**
 * Whether browsers keep the session cookie and send it from each page, judged by its attributes. The behaviour of each
 * browser family was measured with Chromium 156, Firefox 153 and WebKitGTK 2.50 and read for Safari, in 2026.
 */
import { fail, ok, warn, type Finding } from '../finding.js';
import { domainMatches, isLoopbackHost, isPublicSuffix, isSameSite } from '../service.js';
import type { SetCookie } from '../set-cookie.js';
import { sanitizeForTerminal } from '../untrusted-text.js';

const deriveCookies =
  'cookies derive from BETTER_AUTH_URL and BETTER_AUTH_TRUSTED_ORIGINS: set both, and do not rewrite Set-Cookie in a proxy';
const dropped = 'Browsers drop the cookie, so sign-in succeeds and the user is not signed in.';

export function* checkSetCookie(
  cookie: SetCookie,
  authUrl: string,
  origins: readonly string[],
): Generator<Finding> {
  const rejections = [...rejectedAttributes(cookie, new URL(authUrl))];
  yield* rejections;
  yield* unsafeAttributes(cookie, new URL(authUrl));
  if (rejections.length > 0) return;
  for (const origin of origins) {
    if (isSameSite(origin, authUrl)) {
      yield ok(
        'COOKIE_SENT',
        `${origin} is on the same site: every browser sends the cookie (${sameSiteOf(cookie)})`,
      );
    } else {
      yield checkThirdParty(cookie, authUrl, origin);
    }
  }
}

function sameSiteOf({ sameSite }: SetCookie): string {
  return sameSite === undefined ? 'no SameSite' : `SameSite=${sanitizeForTerminal(sameSite)}`;
}

/** Attributes because of which every browser drops the cookie. */
function* rejectedAttributes(cookie: SetCookie, auth: URL): Generator<Finding> {
  const { name, value, secure, sameSite, partitioned, domain } = cookie;
  if (value === '' || cookie.isExpired) {
    yield fail('COOKIE_EXPIRED', {
      message: value === '' ? 'the cookie is empty' : 'the cookie expires as soon as it is set',
      impact: dropped,
      fix: "do not rewrite Set-Cookie in a proxy, and compare the clocks: the service's cookie lasts for days",
    });
  }
  if (!secure && (sameSite === 'none' || partitioned)) {
    yield fail('COOKIE_NEEDS_SECURE', {
      message: `the cookie is ${sameSite === 'none' ? 'SameSite=None' : 'Partitioned'} without Secure`,
      impact: dropped,
      fix: `serve over https; ${deriveCookies}`,
    });
  } else if (!secure && /^__(?:Secure|Host)-/i.test(name)) {
    yield fail('COOKIE_NEEDS_SECURE', {
      message: `the cookie has the prefix ${name.slice(0, name.indexOf('-') + 1)} without Secure`,
      impact: dropped,
      fix: deriveCookies,
    });
  }
  if (/^__Host-/i.test(name) && (cookie.path !== '/' || domain !== undefined)) {
    yield fail('COOKIE_PREFIX_REFUSED', {
      message: `the cookie has the prefix __Host- ${domain === undefined ? 'without Path=/' : 'and a Domain'}`,
      impact: dropped,
      fix: deriveCookies,
    });
  }
  if (secure && auth.protocol === 'http:' && !isLoopbackHost(auth.hostname)) {
    yield fail('COOKIE_SECURE_OVER_HTTP', {
      message: 'the cookie is Secure and was set over http',
      impact: dropped,
      fix: 'call the service over https',
    });
  }
  if (domain !== undefined && domain !== auth.hostname && isPublicSuffix(domain)) {
    yield fail('COOKIE_DOMAIN_REFUSED', {
      message: `the cookie's Domain ${sanitizeForTerminal(domain)} is a public suffix, shared by unrelated owners`,
      impact: dropped,
      fix: 'remove COOKIE_DOMAIN, or use a domain of your own',
    });
  } else if (domain !== undefined && !domainMatches(auth.hostname, domain)) {
    yield fail('COOKIE_DOMAIN_REFUSED', {
      message: `the cookie's Domain ${sanitizeForTerminal(domain)} is not a parent of ${auth.hostname}`,
      impact: dropped,
      fix: 'set COOKIE_DOMAIN to a parent domain of the host, or remove it',
    });
  }
  if (cookie.bytes > 4096) {
    yield fail('COOKIE_TOO_LARGE', {
      message: `the cookie has ${cookie.bytes} bytes`,
      impact: dropped,
      fix: 'do not extend the cookie in a proxy: the service sets fewer than 200 bytes',
    });
  }
}

/** Attributes that browsers accept and that put the session at risk. */
function* unsafeAttributes({ secure, httpOnly, path }: SetCookie, auth: URL): Generator<Finding> {
  if (auth.protocol === 'https:' && !secure) {
    yield fail('COOKIE_NOT_SECURE', {
      message: 'the cookie was set over https without Secure',
      impact: 'A single http request exposes it to anyone on the network path.',
      fix: `set BETTER_AUTH_URL=${auth.origin}, and do not rewrite Set-Cookie in a proxy`,
    });
  }
  if (!httpOnly) {
    yield fail('COOKIE_NOT_HTTPONLY', {
      message: 'the cookie has no HttpOnly',
      impact: 'A script injected into the page can read it and sign in elsewhere.',
      fix: 'do not rewrite Set-Cookie in a proxy: the service always sends HttpOnly',
    });
  }
  if (path !== '/') {
    yield fail('COOKIE_PATH', {
      message: `the cookie's Path is ${path === undefined ? 'missing' : sanitizeForTerminal(path)} instead of /`,
      impact: 'Browsers do not send it to /session, nor to an API on the same host.',
      fix: 'do not rewrite Set-Cookie in a proxy (proxy_cookie_path): the service sends Path=/',
    });
  }
}

/** A page on another site: Chromium, Firefox and Safari differ. */
function checkThirdParty(cookie: SetCookie, authUrl: string, origin: string): Finding {
  const sites = `${origin} is on another site than ${authUrl}${siteExplanation(origin, authUrl)}`;
  if (cookie.sameSite !== 'none') {
    return fail('COOKIE_SAMESITE', {
      message: `${sites}, and the cookie has ${sameSiteOf(cookie)}`,
      impact: 'No browser sends it with requests from a page on another site.',
      fix: `add ${origin} to BETTER_AUTH_TRUSTED_ORIGINS (the cookie attributes follow), or serve both under one domain`,
    });
  }
  if (!cookie.partitioned) {
    return warn('COOKIE_NOT_PARTITIONED', {
      message: `${sites}, and the cookie is not Partitioned`,
      impact:
        'Firefox sends it; Chrome does not in Incognito or where third-party cookies are blocked, and Safari never does.',
      fix: `${deriveCookies}; preferably serve both under one domain`,
    });
  }
  return warn('COOKIE_SAFARI', {
    message: `${sites}: Chrome, Edge and Firefox send the cookie, Safari only from 26.2 on`,
    impact:
      'Visitors with an older Safari, or any browser on an older iPhone, are never signed in.',
    fix: 'serve both under one domain, or set BEARER_TOKENS=on and let the page send the token',
  });
}

/** Why two hosts that look related are on different sites. */
function siteExplanation(origin: string, authUrl: string): string {
  const [one, other] = [origin, authUrl].map((url) => parentOf(new URL(url).hostname));
  const isShared = one !== undefined && one === other && one.includes('.') && isPublicSuffix(one);
  if (isShared) return ` (${one} is a public suffix: each name under it is a separate site)`;
  const isScheme = new URL(origin).protocol !== new URL(authUrl).protocol;
  return isScheme ? ' (http and https are different sites)' : '';
}

function parentOf(host: string): string | undefined {
  return host.includes('.') ? host.slice(host.indexOf('.') + 1) : undefined;
}
