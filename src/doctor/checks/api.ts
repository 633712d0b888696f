/** Whether the API in front of which the service stands says 401, 200 and "cannot tell" when it should. */
import { isLoopbackHost, isPublicSuffix, siteOfHost } from '../../config/site.js';
import { reasonTable } from '../../session/reasons.js';
import type { Examination } from '../examination.js';
import { fail, ok, unknown, warn, type Finding, type Findings } from '../finding.js';
import { quoted } from '../foreign-text.js';
import type { Answer } from '../http-client.js';
import type { SetCookie } from '../set-cookie.js';
import { reasonOf } from './session.js';
import { isUnder } from './set-cookie.js';

const askTheLog = "the API's log names the cause";

/** Without a cookie: 401 with the service's reason. @returns whether it asks who is calling at all */
export async function* examineApi({ ask }: Examination, apiUrl: string): Findings<boolean> {
  const answer = await ask(apiUrl);
  const { status } = answer;
  const reason = reasonOf(answer);
  if (status === 401 && Object.hasOwn(reasonTable, reason)) {
    yield ok('API_ANONYMOUS', `${apiUrl} answers 401 (${reason}) without a cookie`);
  } else if (status === 401) {
    yield warn('API_REASON_MISSING', {
      seen: `${apiUrl} answers 401 without a reason`,
      why: 'Nobody sees from there why a visitor is not signed in.',
      fix: "hand the reason of /session on in the API's own answer, as clients/fastapi does",
    });
  } else if (status >= 200 && status < 300) {
    yield fail('API_OPEN', {
      seen: `${apiUrl} answers ${status} without a cookie`,
      why: 'Whatever it shows, it shows to everybody.',
      fix: 'require a signed-in caller there, or give --api-url a route that does',
    });
  } else {
    yield unexpected(apiUrl, answer);
  }
  return status === 401;
}

function unexpected(apiUrl: string, answer: Answer): Finding {
  const { status, headers } = answer;
  if (status === 404 || status === 405) {
    const fix = 'give --api-url a route that GET answers to a signed-in caller';
    return unknown('API_ROUTE_MISSING', { seen: `${apiUrl} answers ${status}`, fix });
  }
  if (status >= 300 && status < 400) {
    return fail('API_REDIRECT', {
      seen: `${apiUrl} redirects (${status}) to ${quoted(headers.location ?? '') || 'nowhere'}`,
      why: 'A redirect loses the Authorization header, and fails the preflight of pages.',
      fix: 'call the URL behind it',
    });
  }
  return fail('API_CANNOT_ASK', {
    seen: `${apiUrl} answers ${status} (${reasonOf(answer)})`,
    why: 'It cannot tell who is calling, so nobody gets in.',
    fix: `check the auth service's URL in the API's configuration; ${askTheLog}`,
  });
}

/**
 * With the cookie of somebody who is signed in: 200; or with the JSON Web Token of the same user, where the API takes
 * those and no cookie. @returns whether the cookie was what it took
 */
export async function* examineApiAsUser(
  { ask }: Examination,
  apiUrl: string,
  cookie: SetCookie,
  token: string | undefined,
): Findings<boolean> {
  const answer = await ask(apiUrl, { headers: { cookie: `${cookie.name}=${cookie.value}` } });
  const reason = reasonOf(answer);
  if (answer.status >= 200 && answer.status < 300) {
    yield ok('API_SIGNED_IN', `${apiUrl} answers ${answer.status} to the cookie`);
    return true;
  }
  if (answer.status === 401 && token !== undefined) {
    const { status } = await ask(apiUrl, { headers: { authorization: `Bearer ${token}` } });
    if (status >= 200 && status < 300) {
      yield ok('API_TOKEN', `${apiUrl} answers ${status} to a JSON Web Token, and takes no cookie`);
      return false;
    }
  }
  if (answer.status === 401) {
    yield fail('API_COOKIE_REFUSED', {
      seen: `${apiUrl} answers 401 (${reason}) to a cookie that the service accepts`,
      why: 'Whoever is signed in is a stranger to the API.',
      fix: whyRefused(reason),
    });
  } else if (answer.status === 403) {
    yield unknown('API_FORBIDDEN', {
      seen: `${apiUrl} answers 403 to the throw-away user`,
      fix: 'give --api-url a route that any signed-in user may call',
    });
  } else {
    yield unexpected(apiUrl, answer);
  }
  return false;
}

function whyRefused(reason: string): string {
  if (reason === 'no_credential')
    return 'let the API forward the Cookie header to /session unchanged';
  if (reason === 'bad_signature' || reason === 'session_not_found') {
    return "the API asks another deployment: set its auth service's URL to --auth-url";
  }
  return Object.hasOwn(reasonTable, reason)
    ? reasonTable[reason as keyof typeof reasonTable].fix
    : askTheLog;
}

/** Longer than the 16 kB of headers that Node.js reads, and shorter than what most Python servers do. */
const tooLong = 20_000;

/**
 * 503, never 401, when the auth service cannot tell. Nobody outside can stop the service, but a cookie so long that it
 * refuses to read the question makes it unable to tell for this one call alone.
 */
export async function* examineApiInDoubt(
  { authUrl, ask }: Examination,
  apiUrl: string,
  cookie: SetCookie,
): Findings {
  const headers = { cookie: `${cookie.name}=${'x'.repeat(tooLong)}` };
  const own = await ask(`${authUrl}/session`, { headers });
  const notExamined = (seen: string) =>
    unknown('API_DOUBT_NOT_EXAMINED', {
      seen: `whether the API says 503 when the service cannot tell could not be examined: ${seen}`,
      fix: 'stop the auth service on a trial deployment, and call the API: it must answer 503, not 401',
    });
  if (own.status === 200 || own.status === 401) {
    yield notExamined('the service reads a cookie of any length');
    return;
  }
  const answer = await ask(apiUrl, { headers });
  const { status } = answer;
  if (status === 401 && Object.hasOwn(reasonTable, reasonOf(answer))) {
    yield notExamined('the API asks the service on a way that takes long cookies');
  } else if (status === 503) {
    yield ok('API_IN_DOUBT', `${apiUrl} answers 503 when the service cannot tell`);
  } else if (status === 401 || (status >= 200 && status < 300)) {
    yield fail('API_GUESSES', {
      seen: `${apiUrl} answers ${status} when the service cannot tell (it answered ${own.status})`,
      why: 'An outage of the service signs everybody out, and pages throw away what visitors were doing.',
      fix: 'take nothing but 200 and 401 of /session for an answer, and say 503 otherwise, as clients/fastapi does',
    });
  } else {
    yield notExamined(`the API answers ${status} to the long cookie it takes`);
  }
}

/** Whether browsers send the cookie to the API's host. @param takesTokens whether tokens can stand in for it */
export function cookieReach(
  authUrl: string,
  apiUrl: string,
  { domain, secure }: Pick<SetCookie, 'domain' | 'secure'>,
  takesTokens: boolean,
): Finding {
  const [auth, api] = [new URL(authUrl), new URL(apiUrl)];
  // A public suffix that is the host itself is as no Domain: the names under it are other people's.
  const isHostOnly = domain === undefined || isPublicSuffix(domain);
  const reaches = isHostOnly ? api.hostname === auth.hostname : isUnder(api.hostname, domain);
  if (reaches && secure && api.protocol === 'http:' && !isLoopbackHost(api.hostname)) {
    return fail('API_NOT_HTTPS', {
      seen: `the cookie is Secure, and ${api.host} is called by http`,
      why: 'Browsers do not send it there, so every call is anonymous.',
      fix: 'serve the API by https',
    });
  }
  if (reaches) return ok('COOKIE_REACHES_API', `browsers send the cookie to ${api.host}`);
  const complaint = {
    seen: `browsers do not send the cookie of ${quoted(domain ?? auth.hostname)} to ${api.host}`,
    why: 'What a page calls there is anonymous, although its visitor is signed in.',
    fix: remedy(auth.hostname, api.hostname),
  };
  return takesTokens
    ? warn('COOKIE_NOT_REACHING_API', {
        ...complaint,
        why: `${complaint.why} Tokens are on, and would do.`,
      })
    : fail('COOKIE_NOT_REACHING_API', complaint);
}

function remedy(auth: string, api: string): string {
  if (isLoopbackHost(auth) && isLoopbackHost(api)) {
    return 'call both by the same name, localhost or 127.0.0.1';
  }
  const site = siteOfHost(auth);
  if (site !== auth && site === siteOfHost(api)) {
    return `set COOKIE_DOMAIN=${site}, or serve both under one host`;
  }
  if (site === siteOfHost(api)) return `set COOKIE_DOMAIN=${site}`;
  return 'they share no domain: serve the API under the host of the service by a proxy, or set BEARER_TOKENS=on or JWT_TOKENS=on and let the page send the token';
}
