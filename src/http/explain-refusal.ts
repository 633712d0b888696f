/**
 * Rewrites BetterAuth's session errors in this service's form: every endpoint gives the reason why the caller is not signed
 * in, or says that the password must be entered again.
 */
import type { Request, Response as ExpressResponse } from 'express';
import { errorTable } from '../errors.js';
import { isSignedIn } from '../session/reasons.js';
import { notSignedInFields } from './not-signed-in.js';
import { addLogFields } from './request-log.js';
import {
  isUnavailable,
  sendUnavailable,
  setSessionReasonHeader,
  type SessionReasonDependencies,
} from './session-reason.js';
import { readObject } from './web-response.js';

/**
 * BetterAuth 1.7.25's codes of a 401 that means "no session": from its middleware, and from updating a deleted session.
 * A 401 without a code means the same. A wrong password is a 401 with another code.
 */
const notSignedInCodes: readonly unknown[] = ['UNAUTHORIZED', 'FAILED_TO_GET_SESSION', undefined];

/**
 * BetterAuth 1.7.25's codes of "the session is too old": 403 from most endpoints, and 400 "Session expired" from
 * `/delete-user`, which is misleading: the session is valid, but deletion requires a proof. The first is this service's too.
 */
const notFreshCodes: readonly unknown[] = ['SESSION_NOT_FRESH', 'SESSION_EXPIRED'];

const freshnessHint =
  'the latest proof of the session is older than 10 minutes, and this changes the account: the page should step up (POST /api/auth/step-up), or ask the user to sign in again';

/**
 * The same response, with the reason in header, body and log line if it says "not signed in".
 * @returns undefined if it has sent a 503 itself, because the reason could not be determined
 */
export async function explainRefusal(
  response: Response,
  req: Request,
  res: ExpressResponse,
  dependencies: SessionReasonDependencies,
): Promise<Response | undefined> {
  if (![400, 401, 403].includes(response.status)) return response;
  const body = await readBody(response);
  if (body !== undefined && notFreshCodes.includes(body.code)) {
    const { status, message } = errorTable.SESSION_NOT_FRESH;
    addLogFields(res, { hint: freshnessHint });
    const known = { code: 'SESSION_NOT_FRESH', message, reason: 'not_fresh' };
    return withBody(response, status, body.reason === undefined ? known : body);
  }
  if (response.status !== 401) return response;
  if (body === undefined || !notSignedInCodes.includes(body.code)) return response;
  const verdict = await setSessionReasonHeader(req.headers, res, dependencies);
  const { reason } = verdict;
  if (isUnavailable(reason)) {
    sendUnavailable(res, reason);
    return undefined;
  }
  if (isSignedIn(reason)) {
    // BetterAuth read the session earlier and rejected it: it was refreshed or its row changed in between.
    res.removeHeader('x-session-reason');
    addLogFields(res, { hint: 'the session changed during the request: a retry succeeds' });
    const message = 'The session changed during the request. Try again.';
    return withBody(response, 401, { ...body, message });
  }
  return withBody(response, 401, { code: 'UNAUTHORIZED', ...body, ...notSignedInFields(verdict) });
}

async function readBody(response: Response): Promise<Record<string, unknown> | undefined> {
  const text = await response.clone().text();
  return text === '' ? {} : readObject(text);
}

function withBody(response: Response, status: number, body: Record<string, unknown>): Response {
  return new Response(JSON.stringify(body), { status, headers: response.headers });
}
