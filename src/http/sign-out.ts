/**
 * Reports the true outcome of a sign-out: BetterAuth answers success and clears the cookie even if it could not verify the
 * cookie and ended no session.
 */
import type { Request, Response as ExpressResponse } from 'express';
import { authBasePath } from '../auth/auth-constants.js';
import { endingBy } from '../auth/ended-by-request.js';
import type { EndSessions } from '../db/end-sessions.js';
import type { RequestScope } from '../request-scope.js';
import { readCredential } from '../session/credential.js';
import { fixFor, reasonTable } from '../session/reasons.js';
import { hasCredential, recoverTokens } from '../session/recover-tokens.js';
import { withTimeout } from './with-timeout.js';
import { addLogFields } from './request-log.js';
import { sendError } from './send-error.js';
import { setSessionReasonHeader, type SessionReasonDependencies } from './session-reason.js';

export interface SignOutDependencies extends SessionReasonDependencies {
  readonly endSessions: EndSessions;
  readonly credentialRules: Parameters<typeof recoverTokens>[1];
}

export function isSignOut(req: Request): boolean {
  return req.method === 'POST' && req.path === `${authBasePath}/sign-out`;
}

/**
 * Ends every session whose credential was sent, after BetterAuth has accepted the sign-out. Damaged credentials are repaired
 * if the signature then verifies; otherwise the session would stay active, so the response is `SESSION_NOT_ENDED`, and the
 * cookie is kept for an instance that knows its secret.
 * @returns whether it has sent the response; otherwise BetterAuth's response is correct
 * @throws database errors, or `TimeoutError`
 */
export async function confirmSignOut(
  req: Request,
  res: ExpressResponse,
  scope: RequestScope,
  dependencies: SignOutDependencies,
): Promise<boolean> {
  const { credentialRules, endSessions, deadlineMs } = dependencies;
  const tokens = recoverTokens(req.headers, credentialRules);
  if (tokens.length > 0) {
    const [userId] = await withTimeout(endSessions(tokens, endingBy(scope)), deadlineMs);
    // BetterAuth found no session for a damaged credential, so it has not set the user.
    if (userId !== undefined) scope.userId ??= userId;
    const { reason, verified } = readCredential(req.headers, credentialRules);
    if (reason !== undefined && verified === undefined) {
      const ended = `the session ${userId === undefined ? 'no longer existed' : 'was ended nevertheless'}`;
      const hint = `${ended}; ${fixFor(reason, credentialRules.reasonFixes)}`;
      addLogFields(res, { reason, hint });
    }
    return false;
  }
  if (!hasCredential(req.headers, credentialRules)) return false;
  const { reason } = await setSessionReasonHeader(req.headers, res, dependencies);
  const { meaning } = reasonTable[reason];
  const message = `The session was not ended: ${meaning}.`;
  sendError(res, 'SESSION_NOT_ENDED', { message, reason });
  return true;
}
