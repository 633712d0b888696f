/**
 * Signing out, told as what it was: BetterAuth answers success and clears the cookie also where it could not verify
 * the cookie and ended nothing.
 */
import type { Request, Response as ExpressResponse } from 'express';
import { authBasePath } from '../auth/auth-names.js';
import type { EndSessions } from '../db/end-sessions.js';
import type { RequestScope } from '../request-scope.js';
import { readCredential } from '../session/credential.js';
import { fixFor, reasonTable } from '../session/reasons.js';
import { bringsCredential, recoverTokens } from '../session/recover-tokens.js';
import { withDeadline } from './deadline.js';
import { addLogFields } from './request-log.js';
import { sendError } from './send-error.js';
import { tellSessionReason, type SessionReasonDependencies } from './session-reason.js';

export interface SignOutDependencies extends SessionReasonDependencies {
  readonly endSessions: EndSessions;
  readonly credentialRules: Parameters<typeof recoverTokens>[1];
}

export function isSignOut(req: Request): boolean {
  return req.method === 'POST' && req.path === `${authBasePath}/sign-out`;
}

/**
 * Ends every session whose credential came, once BetterAuth has let the sign-out pass. A damage on the way is undone
 * where the signature then verifies; where it does not, the row would live on, so the answer is `SESSION_NOT_ENDED`,
 * and the cookie stays for an instance that knows its secret.
 * @returns whether it answered; otherwise BetterAuth's answer is true
 * @throws what the database throws, or `DeadlineError`: then nobody can tell
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
    const [userId] = await withDeadline(endSessions(tokens), deadlineMs);
    // BetterAuth saw no session of a credential that was damaged, so it named nobody.
    if (userId !== undefined) scope.userId ??= userId;
    const { reason, verified } = readCredential(req.headers, credentialRules);
    if (reason !== undefined && verified === undefined) {
      const ended = `the session ${userId === undefined ? 'was gone already' : 'ended all the same'}`;
      const hint = `${ended}; ${fixFor(reason, credentialRules.reasonFixes)}`;
      addLogFields(res, { reason, hint });
    }
    return false;
  }
  if (!bringsCredential(req.headers, credentialRules)) return false;
  const { reason } = await tellSessionReason(req.headers, res, dependencies);
  const { meaning } = reasonTable[reason];
  const message = `The session was not ended: ${meaning}.`;
  sendError(res, 'SESSION_NOT_ENDED', { message, reason });
  return true;
}
