/**
 * What BetterAuth refuses because of the session, told as this service tells it: whoever is not signed in reads why on
 * every endpoint, and whoever must give the password again reads that.
 */
import type { Request, Response as ExpressResponse } from 'express';
import { errorTable } from '../errors.js';
import { isSignedIn, reasonTable } from '../session/reasons.js';
import { addLogFields } from './request-log.js';
import {
  isUnavailable,
  sendUnavailable,
  tellSessionReason,
  type SessionReasonDependencies,
} from './session-reason.js';
import { readObject } from './web-response.js';

/**
 * BetterAuth 1.7.25's codes of a 401 that means "no session": its middleware, and an update of a session that was gone.
 * Where it names none, it has nothing else to say either. A wrong password is a 401 with a code of its own.
 */
const notSignedInCodes: readonly unknown[] = ['UNAUTHORIZED', 'FAILED_TO_GET_SESSION', undefined];

/**
 * BetterAuth 1.7.25's codes of "the session is older than a day": 403 of most endpoints, and 400 "Session expired" of
 * `/delete-user`, which is not true: the session is good, and the deletion needs the password.
 */
const notFreshCodes: readonly unknown[] = ['SESSION_NOT_FRESH', 'SESSION_EXPIRED'];

const freshnessHint =
  'the session is older than a day, and this changes the account: send the password along, or ask for a new sign-in';

/**
 * The same answer, with the reason in header, body and log line where it says that nobody is signed in.
 * @returns undefined where it answered itself: the reason could not be asked for, so nobody can tell
 */
export async function explainRefusal(
  answer: Response,
  req: Request,
  res: ExpressResponse,
  dependencies: SessionReasonDependencies,
): Promise<Response | undefined> {
  if (![400, 401, 403].includes(answer.status)) return answer;
  const body = await readBody(answer);
  if (body !== undefined && notFreshCodes.includes(body.code)) {
    const { status, message } = errorTable.SESSION_NOT_FRESH;
    addLogFields(res, { hint: freshnessHint });
    return withBody(answer, status, { code: 'SESSION_NOT_FRESH', message });
  }
  if (answer.status !== 401) return answer;
  if (body === undefined || !notSignedInCodes.includes(body.code)) return answer;
  const { reason } = await tellSessionReason(req.headers, res, dependencies);
  if (isUnavailable(reason)) {
    sendUnavailable(res, reason);
    return undefined;
  }
  if (isSignedIn(reason)) {
    // BetterAuth read the session before us and did not find it so: it was renewed or its row changed in between.
    res.removeHeader('x-session-reason');
    addLogFields(res, { hint: 'the session changed while it was asked for: the same again works' });
    const message = 'The session changed while it was asked for. Try again.';
    return withBody(answer, 401, { ...body, message });
  }
  const message = `Not signed in: ${reasonTable[reason].meaning}.`;
  return withBody(answer, 401, { code: 'UNAUTHORIZED', ...body, message, reason });
}

async function readBody(answer: Response): Promise<Record<string, unknown> | undefined> {
  const text = await answer.clone().text();
  return text === '' ? {} : readObject(text);
}

function withBody(answer: Response, status: number, body: Record<string, unknown>): Response {
  return new Response(JSON.stringify(body), { status, headers: answer.headers });
}
