/**
 * Logs the outcome of each attempt to sign in, up or out, to change or verify a password or to delete an account. It is in
 * the request's own log line, so that one line has user, network and outcome (ASVS 16.3.1). The response has less: it
 * never reveals whether an account exists.
 */
import type { Request, Response } from 'express';
import { authBasePath } from '../auth/auth-constants.js';
import { limitReasonOf } from '../limit-reasons.js';
import { networkOf } from '../log/mask-address.js';
import type { LimitHit, RequestScope } from '../request-scope.js';
import { clientIp } from './client-ip.js';
import type { MiddlewareResponse } from './middleware.js';
import { addLogFields, codeOf } from './request-log.js';

/** Path below `/api/auth` → the outcome of a success. */
const successes = {
  '/sign-in/email': 'signed_in',
  '/sign-in/email-otp': 'signed_in',
  '/magic-link/verify': 'signed_in',
  '/passkey/verify-authentication': 'signed_in',
  '/redirect/redeem': 'signed_in',
  '/redirect/confirm': 'signed_in',
  '/redirect/finish': 'signed_in',
  '/two-factor/verify-totp': 'signed_in',
  '/two-factor/verify-backup-code': 'signed_in',
  '/two-factor/disable': 'second_factor_disabled',
  '/two-factor/generate-backup-codes': 'backup_codes_replaced',
  '/unlink-account': 'login_unlinked',
  '/passkey/verify-registration': 'passkey_added',
  '/passkey/delete-passkey': 'passkey_removed',
  '/sign-up/email': 'signed_up',
  '/sign-out': 'signed_out',
  '/change-password': 'password_changed',
  '/verify-password': 'password_verified',
  '/step-up': 'stepped_up',
  '/reset-password': 'password_reset',
  '/verify-email': 'email_verified',
  '/delete-user': 'user_deleted',
  '/delete-user/verify': 'user_deleted',
  '/change-email': 'email_change_requested',
  '/change-email/verify': 'email_changed',
  '/change-email/undo': 'email_change_undone',
  '/security-notices/not-me': 'access_ended',
} as const;

/** The outcomes of a sign-in: a closed list, because each is a separate time series. */
export const signInOutcomes = [
  'signed_in',
  'second_factor_due',
  'wrong_password',
  'unknown_account',
  'limited',
  'locked',
  'refused',
  'busy',
  'unavailable',
  'failed',
] as const;

export type SignInOutcome = (typeof signInOutcomes)[number];

type Outcome =
  | SignInOutcome
  | (typeof successes)[keyof typeof successes]
  | NonNullable<RequestScope['deletion']>
  | 'login_linked'
  | 'session_raised'
  | 'second_factor_enabled'
  | 'no_session';

/** Logs the client's network at the start of an attempt, because the caller may disconnect before it ends. */
export function recordAttempt(
  req: Request,
  res: Response,
  clientIpHeader: string | undefined,
): void {
  if (successOf(req) === undefined) return;
  addLogFields(res, { clientNetwork: networkOf(clientIp(req, clientIpHeader)) });
}

/** Logs the outcome, once the response is determined. */
export function recordOutcome(req: Request, res: Response, scope: RequestScope): void {
  if (scope.limited !== undefined) {
    const { limit, variable } = scope.limited;
    const reason = limitReasonOf(limit);
    addLogFields(res, { limit, reason, ...(variable !== undefined && { variable }) });
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

/** The outcome of this request's sign-in; undefined for other requests. */
export function signInOutcomeOf(res: MiddlewareResponse): SignInOutcome | undefined {
  return res.locals.signInOutcome as SignInOutcome | undefined;
}

/** The limit that rejected this request. */
export function limitOf(res: MiddlewareResponse): LimitHit['limit'] | undefined {
  return (res.locals.limited as LimitHit | undefined)?.limit;
}

function successOf({ method, path }: Request) {
  if (!path.startsWith(authBasePath)) return undefined;
  const endpoint = path.slice(authBasePath.length);
  // Where a redirect of a page on the same site ends, the browser visits it.
  if (method !== (endpoint === '/redirect/finish' ? 'GET' : 'POST')) return undefined;
  return Object.hasOwn(successes, endpoint)
    ? successes[endpoint as keyof typeof successes]
    : undefined;
}

function outcomeOf(
  res: Response,
  {
    userId,
    deletion,
    hasEnrolledApp,
    hasLinkedLogin,
    hasRaisedSession,
    pendingSignIn,
  }: RequestScope,
  success: (typeof successes)[keyof typeof successes],
): Outcome {
  const { statusCode } = res;
  if (statusCode < 400) {
    if (pendingSignIn !== undefined) return 'second_factor_due';
    if (success === 'user_deleted') return deletion ?? success;
    if (success === 'signed_in' && hasLinkedLogin === true) return 'login_linked';
    if (success === 'signed_in' && hasRaisedSession === true) {
      return hasEnrolledApp === true ? 'second_factor_enabled' : 'session_raised';
    }
    return success === 'signed_out' && userId === undefined ? 'no_session' : success;
  }
  if (statusCode === 429) return 'limited';
  const code = codeOf(res);
  if (code === 'SIGN_IN_BUSY') return 'busy';
  if (code === 'USER_LOCKED') return 'locked';
  if (statusCode === 503) return 'unavailable';
  if (statusCode >= 500) return 'failed';
  if (code === 'INVALID_EMAIL_OR_PASSWORD') {
    return userId === undefined ? 'unknown_account' : 'wrong_password';
  }
  return code === 'INVALID_PASSWORD' ? 'wrong_password' : 'refused';
}
