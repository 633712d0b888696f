/** Whether the API that relies on the service responds 401, 200 and 503 when it should. */
import type { DoctorContext } from '../doctor-context.js';
import { fail, ok, unknown, warn, type Finding, type FindingStream } from '../finding.js';
import type { HttpResponse } from '../http-client.js';
import { reasonTable } from '../service.js';
import type { SetCookie } from '../set-cookie.js';
import { sanitizeForTerminal } from '../untrusted-text.js';
import { isReason, reasonOf } from './session-reason.js';

const seeApiLog = "the API's log names the cause";

/** Without a cookie: 401 with the service's reason. @returns whether the API requires a signed-in caller */
export async function* checkApi(
  { request }: DoctorContext,
  apiUrl: string,
): FindingStream<boolean> {
  const response = await request(apiUrl);
  const { status } = response;
  const reason = reasonOf(response);
  if (status === 401 && isReason(reason)) {
    yield ok('API_ANONYMOUS', `${apiUrl} responds 401 (${reason}) without a cookie`);
  } else if (status === 401) {
    yield warn('API_REASON_MISSING', {
      message: `${apiUrl} responds 401 without a reason`,
      impact: 'The response does not show why a visitor is not signed in.',
      fix: "include the reason from /session in the API's own response, as clients/fastapi does",
    });
  } else if (isSuccess(status)) {
    yield fail('API_OPEN', {
      message: `${apiUrl} responds ${status} without a cookie`,
      impact: 'Its content is visible to everyone.',
      fix: 'require a signed-in caller there, or set --api-url to a route that does',
    });
  } else {
    yield unexpectedStatus(apiUrl, response);
  }
  return status === 401;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function unexpectedStatus(apiUrl: string, response: HttpResponse): Finding {
  const { status, headers } = response;
  if (status === 404 || status === 405) {
    const fix = 'set --api-url to a GET route that requires a signed-in caller';
    return unknown('API_ROUTE_MISSING', { message: `${apiUrl} responds ${status}`, fix });
  }
  if (status >= 300 && status < 400) {
    const target = sanitizeForTerminal(headers.location ?? '') || 'an empty Location';
    return fail('API_REDIRECT', {
      message: `${apiUrl} redirects (${status}) to ${target}`,
      impact: "A redirect drops the Authorization header and fails a page's preflight request.",
      fix: 'call the target URL directly',
    });
  }
  return fail('API_UNAVAILABLE', {
    message: `${apiUrl} responds ${status} (${reasonOf(response)})`,
    impact: 'The API cannot determine who is calling, so no user gets in.',
    fix: `check the auth service's URL in the API's configuration; ${seeApiLog}`,
  });
}

/**
 * With the cookie of a signed-in user: 200; or with a JSON Web Token of the same user, where the API accepts tokens
 * and no cookies. @returns whether the API accepted the cookie
 */
export async function* checkApiAsUser(
  { request }: DoctorContext,
  apiUrl: string,
  cookie: SetCookie,
  token: string | undefined,
): FindingStream<boolean> {
  const response = await request(apiUrl, { headers: { cookie: `${cookie.name}=${cookie.value}` } });
  const reason = reasonOf(response);
  if (isSuccess(response.status)) {
    yield ok('API_SIGNED_IN', `${apiUrl} responds ${response.status} to the cookie`);
    return true;
  }
  if (response.status === 401 && token !== undefined) {
    const { status } = await request(apiUrl, { headers: { authorization: `Bearer ${token}` } });
    if (isSuccess(status)) {
      yield ok('API_TOKEN', `${apiUrl} responds ${status} to a JSON Web Token, not to the cookie`);
      return false;
    }
  }
  if (response.status === 401) {
    yield fail('API_COOKIE_REFUSED', {
      message: `${apiUrl} responds 401 (${reason}) to a cookie that the service accepts`,
      impact: 'The API treats signed-in users as anonymous.',
      fix: refusalFix(reason),
    });
  } else if (response.status === 403) {
    yield unknown('API_FORBIDDEN', {
      message: `${apiUrl} responds 403 to the temporary user`,
      fix: 'set --api-url to a route that every signed-in user may call',
    });
  } else {
    yield unexpectedStatus(apiUrl, response);
  }
  return false;
}

function refusalFix(reason: string): string {
  if (reason === 'no_credential')
    return 'forward the Cookie header from the API to /session unchanged';
  if (reason === 'bad_signature' || reason === 'session_not_found') {
    return "the API calls another deployment: set its auth service's URL to --auth-url";
  }
  return isReason(reason) ? reasonTable[reason].fix : seeApiLog;
}

/** More than the 16 kB of headers that Node.js accepts, and less than the limit of most Python servers. */
const oversizedCookieLength = 20_000;

/**
 * During an outage of the service: 503, never 401. The service cannot be stopped from outside, but a cookie that
 * exceeds its header limit makes it reject this one request, which looks like an outage to the API.
 */
export async function* checkApiDuringOutage(
  { authUrl, request }: DoctorContext,
  apiUrl: string,
  cookie: SetCookie,
): FindingStream {
  const headers = { cookie: `${cookie.name}=${'x'.repeat(oversizedCookieLength)}` };
  const own = await request(`${authUrl}/session`, { headers });
  const notChecked = (cause: string) =>
    unknown('API_OUTAGE_NOT_CHECKED', {
      message: `the API's response during an outage of the service could not be checked: ${cause}`,
      fix: 'stop the service of a test deployment, and call the API: it must respond 503, not 401',
    });
  if (own.status === 200 || own.status === 401) {
    yield notChecked('the service accepts a cookie of any length');
    return;
  }
  const response = await request(apiUrl, { headers });
  const { status } = response;
  if (status === 401 && isReason(reasonOf(response))) {
    yield notChecked('the API calls the service over a connection that accepts long cookies');
  } else if (status === 503) {
    yield ok('API_OUTAGE_503', `${apiUrl} responds 503 during an outage of the service`);
  } else if (status === 401 || isSuccess(status)) {
    yield fail('API_TREATS_OUTAGE_AS_SIGNED_OUT', {
      message: `${apiUrl} responds ${status} during an outage of the service (simulated: /session responded ${own.status})`,
      impact: 'An outage signs every user out, and pages discard unsaved work.',
      fix: 'accept only 200 and 401 from /session as an answer, and respond 503 otherwise, as clients/fastapi does',
    });
  } else {
    yield notChecked(`the API responds ${status} to the long cookie`);
  }
}
