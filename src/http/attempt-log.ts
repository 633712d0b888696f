/**
 * What became of each try to sign in, up or out, to change or verify a password or to delete an account: in the
 * request's own line, so that one line says who, from where and how it ended (ASVS 16.3.1). The answer says less: it
 * never tells whether an account exists.
 */
import type { Request, Response } from 'express';
import { authBasePath } from '../auth/auth-names.js';
import { networkOf } from '../log/mask-address.js';
import type { LimitHit, RequestScope } from '../request-scope.js';
import { clientIp } from './client-ip.js';
import { addLogFields, codeOf } from './request-log.js';

/** Path below `/api/auth` → what a success is called. */
const successes = {
  '/sign-in/email': 'signed_in',
  '/sign-up/email': 'signed_up',
  '/sign-out': 'signed_out',
  '/change-password': 'password_changed',
  '/verify-password': 'password_verified',
  '/delete-user': 'user_deleted',
} as const;

/** How a sign-in can end: a bounded list, because each is a time series of its own. */
export const signInOutcomes = [
  'signed_in',
  'wrong_password',
  'unknown_account',
  'limited',
  'refused',
  'busy',
  'unavailable',
  'failed',
] as const;

export type SignInOutcome = (typeof signInOutcomes)[number];

type Outcome = SignInOutcome | (typeof successes)[keyof typeof successes] | 'no_session';

/** Notes at once where a try comes from: its caller may leave before it has ended. */
export function noteAttempt(req: Request, res: Response, clientIpHeader: string | undefined): void {
  if (successOf(req) === undefined) return;
  addLogFields(res, { clientNetwork: networkOf(clientIp(req, clientIpHeader)) });
}

/** Adds how it ended, once the answer is decided on. */
export function noteOutcome(req: Request, res: Response, scope: RequestScope): void {
  if (scope.limited !== undefined) {
    const { limit, variable } = scope.limited;
    addLogFields(res, { limit, ...(variable !== undefined && { variable }) });
    res.locals.limited = scope.limited;
  }
  const success = successOf(req);
  if (success === undefined) return;
  const { userId, accountFingerprint } = scope;
  const outcome = outcomeOf(res, scope, success);
  addLogFields(res, {
    outcome,
    ...(userId !== undefined && { userId }),
    ...(accountFingerprint !== undefined && { accountFingerprint }),
  });
  if (success === 'signed_in') res.locals.signInOutcome = outcome;
}

/** How the sign-in of this request ended; undefined where it was none. */
export function signInOutcomeOf(res: Response): SignInOutcome | undefined {
  return res.locals.signInOutcome as SignInOutcome | undefined;
}

/** The limit that this request met. */
export function limitOf(res: Response): LimitHit['limit'] | undefined {
  return (res.locals.limited as LimitHit | undefined)?.limit;
}

function successOf({ method, path }: Request) {
  if (method !== 'POST' || !path.startsWith(authBasePath)) return undefined;
  const endpoint = path.slice(authBasePath.length);
  return Object.hasOwn(successes, endpoint)
    ? successes[endpoint as keyof typeof successes]
    : undefined;
}

function outcomeOf(
  res: Response,
  { userId }: RequestScope,
  success: (typeof successes)[keyof typeof successes],
): Outcome {
  const { statusCode } = res;
  if (statusCode < 400)
    return success === 'signed_out' && userId === undefined ? 'no_session' : success;
  if (statusCode === 429) return 'limited';
  const code = codeOf(res);
  if (code === 'SIGN_IN_BUSY') return 'busy';
  if (statusCode === 503) return 'unavailable';
  if (statusCode >= 500) return 'failed';
  if (code === 'INVALID_EMAIL_OR_PASSWORD') {
    return userId === undefined ? 'unknown_account' : 'wrong_password';
  }
  return code === 'INVALID_PASSWORD' ? 'wrong_password' : 'refused';
}
