/** Whether pages on the given origins may call the service with cookies: preflight, answer and sign-in. */
import type { Examination } from '../examination.js';
import { fail, ok, unknown, warn, type Finding, type Findings } from '../finding.js';
import { quoted } from '../foreign-text.js';
import type { Answer } from '../http-client.js';
import { codeOf } from './answers.js';

const variable = 'BETTER_AUTH_TRUSTED_ORIGINS';
const notReadable =
  'The browser hides every answer from the page, which then thinks nobody is signed in.';

/** @returns the origins that may sign users in, of those given and the service's own */
export async function* examineCrossOrigin(examination: Examination): Findings<string[]> {
  const { authUrl, origins } = examination;
  const usable: string[] = [];
  for (const origin of origins.filter((given) => given !== authUrl)) {
    const trust = await trustIn(origin, examination);
    if (trust === 'trusted') {
      usable.push(origin);
      yield* trustedOrigin(origin, examination);
    } else if (trust !== 'refused') {
      yield inDoubt(origin, trust);
    } else {
      yield fail('ORIGIN_NOT_TRUSTED', {
        seen: `${origin} is not trusted: sign-in from there is answered 403`,
        why: 'No visitor of that site can sign in.',
        fix: `add ${origin} to ${variable} (no slash at the end), and deploy`,
      });
    }
  }
  const own = await trustIn(authUrl, examination);
  if (own === 'trusted') return [...usable, authUrl];
  if (own !== 'refused') {
    yield inDoubt(authUrl, own);
    return usable;
  }
  yield fail('BASE_URL_OTHER_HOST', {
    seen: `the service does not know ${authUrl} as its own URL`,
    why: 'Cookie names, attributes and the origin check all follow from BETTER_AUTH_URL, which names another host.',
    fix: isPreview(authUrl)
      ? `set BETTER_AUTH_URL for previews to the URL they are called by, or add ${authUrl} to ${variable} there`
      : `set BETTER_AUTH_URL=${authUrl}, or call the URL that it names`,
  });
  return usable;
}

/** Vercel's own domain: each preview has a name of its own there. */
function isPreview(url: string): boolean {
  return new URL(url).hostname.endsWith('.vercel.app');
}

/**
 * Signing out nobody changes nothing, and is refused for whom signing in is refused.
 * @returns the answer, where it tells neither: a firewall's, a limit's, or that of a service without its database
 */
export async function trustIn(
  origin: string,
  { authUrl, ask }: Pick<Examination, 'authUrl' | 'ask'>,
): Promise<'trusted' | 'refused' | Answer> {
  const answer = await ask(`${authUrl}/api/auth/sign-out`, { headers: { origin }, body: {} });
  const { status, json } = answer;
  if (status === 403 && json?.code === 'INVALID_ORIGIN') return 'refused';
  return status === 200 && json?.success === true ? 'trusted' : answer;
}

function inDoubt(origin: string, answer: Answer): Finding {
  return unknown('ORIGIN_NOT_EXAMINED', {
    seen: `sign-out from ${origin} is answered ${answer.status} (${codeOf(answer)}), which does not tell whether it is trusted`,
    fix: "mend what stands above, or let the firewall in front pass this call, then ask again; the service's log names the cause",
  });
}

async function* trustedOrigin(origin: string, { authUrl, ask }: Examination): Findings {
  const preflight = await ask(`${authUrl}/api/auth/sign-in/email`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  const actual = await ask(`${authUrl}/api/auth/get-session`, { headers: { origin } });
  const complaints = [
    preflightComplaint(origin, preflight) ?? sharedComplaint(origin, 'the preflight', preflight),
    sharedComplaint(origin, 'get-session', actual) ?? answerComplaint(origin, actual),
  ].filter((complaint) => complaint !== undefined);
  // The same fault in both is one setting to change.
  const [first, second] = complaints;
  if (first !== undefined) yield first;
  if (second !== undefined && second.code !== first?.code) yield second;
  if (first !== undefined) return;
  yield ok(
    'ORIGIN_ALLOWED',
    `${origin} may call with cookies; its pages must fetch with credentials: 'include', or none goes along`,
  );
}

function preflightComplaint(origin: string, { status, headers }: Answer): Finding | undefined {
  if (status < 200 || status > 299) {
    return fail('PREFLIGHT_UNANSWERED', {
      seen: `the preflight from ${origin} is answered ${status}`,
      why: 'The browser then never sends the sign-in itself.',
      fix: `let OPTIONS through to the service, without login, redirect or rewriting: it answers for ${variable}`,
    });
  }
  if (headers['access-control-allow-origin'] !== origin) return undefined;
  const allowed = (headers['access-control-allow-headers'] ?? '').toLowerCase();
  const names = allowed.split(',').map((name) => name.trim());
  const missing = ['content-type', 'authorization'].filter((name) => !names.includes(name));
  if (missing.length === 0) return undefined;
  return fail('PREFLIGHT_HEADERS_REFUSED', {
    seen: `the preflight from ${origin} does not allow ${missing.join(' and ')}`,
    why: 'The browser then never sends a sign-in with a JSON body or a bearer token.',
    fix: `let the service answer OPTIONS instead of the proxy: it allows what is asked for by ${variable}`,
  });
}

/** What must hold for a preflight and for the answer itself. */
function sharedComplaint(origin: string, what: string, { headers }: Answer): Finding | undefined {
  const allowed = headers['access-control-allow-origin'];
  const isCredentialed = headers['access-control-allow-credentials'] === 'true';
  const justOne = `leave CORS to the service (${variable}), and take it out of the proxy in front`;
  if (allowed === undefined) {
    return fail('CORS_HEADER_MISSING', {
      seen: `${what} names no allowed origin to ${origin}, although the service trusts it`,
      why: notReadable,
      fix: `let the proxy in front pass Access-Control-* on: the service sends them for ${variable}`,
    });
  }
  if (allowed === '*') {
    return fail('CORS_WILDCARD', {
      seen: `${what} allows * to ${origin}`,
      why: 'Browsers refuse * where cookies are sent.',
      fix: justOne,
    });
  }
  if (allowed !== origin) {
    const isTwice = allowed.split(',').some((part) => part.trim() === origin);
    return fail(isTwice ? 'CORS_HEADER_TWICE' : 'CORS_OTHER_ORIGIN', {
      seen: `${what} allows ${quoted(allowed)} to ${origin}`,
      why: notReadable,
      fix: justOne,
    });
  }
  if (!isCredentialed) {
    return fail('CORS_WITHOUT_CREDENTIALS', {
      seen: `${what} does not allow credentials to ${origin}`,
      why: notReadable,
      fix: `let the proxy in front pass Access-Control-Allow-Credentials on: the service sends it`,
    });
  }
  return undefined;
}

function answerComplaint(origin: string, { headers }: Answer): Finding | undefined {
  const names = (value: string | undefined) =>
    (value ?? '').split(',').map((name) => name.trim().toLowerCase());
  if (!names(headers.vary).some((name) => name === 'origin' || name === '*')) {
    return fail('CORS_VARY_MISSING', {
      seen: `get-session does not say Vary: Origin to ${origin}`,
      why: 'A cache may hand one site the answer that allows another, which its browser then hides.',
      fix: 'let the proxy or CDN in front pass Vary on, and cache nothing of this service',
    });
  }
  if (names(headers['access-control-expose-headers']).includes('x-session-reason'))
    return undefined;
  return warn('CORS_REASON_HIDDEN', {
    seen: `get-session does not expose x-session-reason to ${origin}`,
    why: 'The page cannot tell why there is no session.',
    fix: 'let the proxy in front pass Access-Control-Expose-Headers on',
  });
}
