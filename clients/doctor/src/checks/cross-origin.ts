/** Whether pages on the given origins may call the service with cookies: preflight, response and sign-in. */
import type { DoctorContext } from '../doctor-context.js';
import { fail, ok, unknown, warn, type Finding, type FindingStream } from '../finding.js';
import type { HttpResponse } from '../http-client.js';
import { sanitizeForTerminal } from '../untrusted-text.js';
import { errorCodeOf } from './unexpected-response.js';

const variable = 'BETTER_AUTH_TRUSTED_ORIGINS';
const responseHidden =
  'The browser hides every response from the page, which then treats the user as signed out.';

/** @returns the origins from which users can sign in, of the given ones and the service's own */
export async function* checkCrossOrigin(context: DoctorContext): FindingStream<string[]> {
  const { authUrl, origins } = context;
  const usable: string[] = [];
  for (const origin of origins.filter((given) => given !== authUrl)) {
    const trust = await checkOriginTrust(origin, context);
    if (trust === 'trusted') {
      usable.push(origin);
      yield* checkTrustedOrigin(origin, context);
    } else if (trust !== 'refused') {
      yield originNotChecked(origin, trust);
    } else {
      yield fail('ORIGIN_NOT_TRUSTED', {
        message: `${origin} is not trusted: sign-in from it is refused with 403`,
        impact: 'No visitor of that site can sign in.',
        fix: `add ${origin} to ${variable} (no trailing slash) and redeploy`,
      });
    }
  }
  const own = await checkOriginTrust(authUrl, context);
  if (own === 'trusted') return [...usable, authUrl];
  if (own !== 'refused') {
    yield originNotChecked(authUrl, own);
    return usable;
  }
  yield fail('BASE_URL_OTHER_HOST', {
    message: `the service does not accept ${authUrl} as its own URL`,
    impact:
      'Cookie names, cookie attributes and the origin check all derive from BETTER_AUTH_URL, which names another host.',
    fix: isVercelUrl(authUrl)
      ? `set BETTER_AUTH_URL for previews to the URL they are called by, or add ${authUrl} to ${variable} there`
      : `set BETTER_AUTH_URL=${authUrl}, or call the URL in BETTER_AUTH_URL`,
  });
  return usable;
}

/** Each preview deployment has a host name of its own under this domain. */
function isVercelUrl(url: string): boolean {
  return new URL(url).hostname.endsWith('.vercel.app');
}

/**
 * Signing out without a session changes nothing, and is refused for the origins from which sign-in is refused.
 * @returns the response where it indicates neither: from a firewall, a rate limit, or a service without its database
 */
export async function checkOriginTrust(
  origin: string,
  { authUrl, request }: Pick<DoctorContext, 'authUrl' | 'request'>,
): Promise<'trusted' | 'refused' | HttpResponse> {
  const response = await request(`${authUrl}/api/auth/sign-out`, { headers: { origin }, body: {} });
  const { status, json } = response;
  if (status === 403 && json?.code === 'INVALID_ORIGIN') return 'refused';
  return status === 200 && json?.success === true ? 'trusted' : response;
}

function originNotChecked(origin: string, response: HttpResponse): Finding {
  return unknown('ORIGIN_NOT_CHECKED', {
    message: `sign-out from ${origin} responded ${response.status} (${errorCodeOf(response)}), which does not show whether the origin is trusted`,
    fix: "fix the findings above or let the firewall pass this request, and rerun; the service's log names the cause",
  });
}

async function* checkTrustedOrigin(
  origin: string,
  { authUrl, request }: DoctorContext,
): FindingStream {
  const preflight = await request(`${authUrl}/api/auth/sign-in/email`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  const actual = await request(`${authUrl}/api/auth/get-session`, { headers: { origin } });
  const faults = [
    preflightFault(origin, preflight) ?? corsFault(origin, 'the preflight', preflight),
    corsFault(origin, 'get-session', actual) ?? responseFault(origin, actual),
  ].filter((fault) => fault !== undefined);
  // The same fault in both has one fix, so it is reported once.
  const [first, second] = faults;
  if (first !== undefined) yield first;
  if (second !== undefined && second.code !== first?.code) yield second;
  if (first !== undefined) return;
  yield ok(
    'ORIGIN_ALLOWED',
    `${origin} may call with cookies; its pages must fetch with credentials: 'include' to send them`,
  );
}

function preflightFault(origin: string, { status, headers }: HttpResponse): Finding | undefined {
  if (status < 200 || status > 299) {
    return fail('PREFLIGHT_FAILED', {
      message: `the preflight from ${origin} responded ${status}`,
      impact: 'The browser never sends the sign-in request.',
      fix: `let OPTIONS requests reach the service without login, redirect or rewriting: it responds according to ${variable}`,
    });
  }
  if (headers['access-control-allow-origin'] !== origin) return undefined;
  const allowed = headerNames(headers['access-control-allow-headers']);
  const missing = ['content-type', 'authorization'].filter((name) => !allowed.includes(name));
  if (missing.length === 0) return undefined;
  return fail('PREFLIGHT_HEADERS_REFUSED', {
    message: `the preflight from ${origin} does not allow ${missing.join(' and ')}`,
    impact: 'The browser never sends a sign-in with a JSON body or a request with a bearer token.',
    fix: 'let the service respond to OPTIONS instead of the proxy: it allows the requested headers',
  });
}

/** What preflight and response have in common. */
function corsFault(origin: string, what: string, { headers }: HttpResponse): Finding | undefined {
  const allowed = headers['access-control-allow-origin'];
  const hasCredentials = headers['access-control-allow-credentials'] === 'true';
  const onlyService = `leave CORS to the service (${variable}) and remove it from the reverse proxy`;
  if (allowed === undefined) {
    return fail('CORS_HEADER_MISSING', {
      message: `${what} has no Access-Control-Allow-Origin for ${origin}, although the service trusts it`,
      impact: responseHidden,
      fix: `configure the reverse proxy to forward Access-Control-*: the service sends them according to ${variable}`,
    });
  }
  if (allowed === '*') {
    return fail('CORS_WILDCARD', {
      message: `${what} has Access-Control-Allow-Origin: * for ${origin}`,
      impact: 'Browsers reject the wildcard for requests with cookies.',
      fix: onlyService,
    });
  }
  if (allowed !== origin) {
    const isDuplicated = allowed.split(',').some((part) => part.trim() === origin);
    return fail(isDuplicated ? 'CORS_HEADER_DUPLICATED' : 'CORS_OTHER_ORIGIN', {
      message: `${what} has Access-Control-Allow-Origin: ${sanitizeForTerminal(allowed)} for ${origin}`,
      impact: responseHidden,
      fix: onlyService,
    });
  }
  if (!hasCredentials) {
    return fail('CORS_WITHOUT_CREDENTIALS', {
      message: `${what} has no Access-Control-Allow-Credentials: true for ${origin}`,
      impact: responseHidden,
      fix: 'configure the reverse proxy to forward Access-Control-Allow-Credentials: the service sends it',
    });
  }
  return undefined;
}

function responseFault(origin: string, { headers }: HttpResponse): Finding | undefined {
  const vary = headerNames(headers.vary);
  if (!vary.includes('origin') && !vary.includes('*')) {
    return fail('CORS_VARY_MISSING', {
      message: `get-session has no Vary: Origin for ${origin}`,
      impact:
        "A cache may serve one site the response for another, which the first site's browser hides.",
      fix: 'configure the reverse proxy or CDN to forward Vary, and to cache nothing of this service',
    });
  }
  if (headerNames(headers['access-control-expose-headers']).includes('x-session-reason'))
    return undefined;
  return warn('CORS_REASON_HIDDEN', {
    message: `get-session does not expose x-session-reason to ${origin}`,
    impact: 'The page cannot read why there is no session.',
    fix: 'configure the reverse proxy to forward Access-Control-Expose-Headers',
  });
}

function headerNames(value = ''): string[] {
  return value.split(',').map((name) => name.trim().toLowerCase());
}
