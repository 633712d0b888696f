/** `/api/auth/*`: BetterAuth, with the database's failures told as what they are. */
import type { Request, RequestHandler, Response as ExpressResponse } from 'express';
import { authBasePath } from '../auth/auth-options.js';
import type { Auth } from '../auth/create-auth.js';
import type { RequestScope, RequestScopes } from '../request-scope.js';
import { resignCredentials } from '../session/resign-credentials.js';
import { withDeadline } from './deadline.js';
import { answerPlainGetSession } from './plain-get-session.js';
import { requestIdOf } from './request-id.js';
import { sendError } from './send-error.js';
import {
  cutMaxAge,
  handOutResigned,
  setsSessionCookie,
  type HandOutDependencies,
} from './session-cookie.js';
import {
  retractSessionReason,
  tellSessionReason,
  type SessionReasonDependencies,
} from './session-reason.js';
import { toWebRequest } from './web-request.js';
import { sendWebResponse } from './web-response.js';

export interface AuthRouteDependencies extends SessionReasonDependencies, HandOutDependencies {
  readonly auth: Auth;
  readonly scopes: RequestScopes;
}

export function authRoute(dependencies: AuthRouteDependencies): RequestHandler {
  const { auth, config, credentialRules, scopes, deadlineMs, now } = dependencies;

  return async function answerAuth(req, res) {
    const startedAt = performance.now();
    if (!auth.hasEndpoint(req.path)) {
      sendError(res, 'NOT_FOUND');
      return;
    }
    if (req.method === 'GET' && req.path === `${authBasePath}/get-session`) {
      const verdict = await tellSessionReason(req.headers, res, dependencies);
      const { reason } = verdict;
      if (reason === 'database_unavailable') {
        sendError(res, 'DATABASE_UNAVAILABLE', { reason });
        return;
      }
      if (answerPlainGetSession(req, res, verdict, config.sessionLifetime, now())) return;
    }
    const resigned = resignCredentials(req.headers, credentialRules);
    const request = toWebRequest(req, config, resigned);
    const scope: RequestScope = {};
    const remainingMs = Math.max(1, deadlineMs - (performance.now() - startedAt));
    const answer = await withDeadline(
      scopes.run(scope, () => auth.handle(request)),
      remainingMs,
    ).catch((error: unknown) => {
      scope.unavailable ??= error;
      return undefined;
    });
    if (answer?.ok) {
      const isResigned = Object.keys(resigned).length > 0;
      await completeCookies(req, res, answer, { scope, isResigned }, dependencies);
    }
    await tellAnswer(answer, scope, res, dependencies);
  };
}

/** What BetterAuth does not know of: the absolute end of a session, and secrets before the present one. */
async function completeCookies(
  req: Request,
  res: ExpressResponse,
  answer: Response,
  { scope, isResigned }: { scope: RequestScope; isResigned: boolean },
  dependencies: AuthRouteDependencies,
): Promise<void> {
  const { credentialRules, deadlineMs, inspect, now } = dependencies;
  const { cookieName } = credentialRules;
  if (setsSessionCookie(answer, cookieName)) {
    if (scope.sessionEndsAt) cutMaxAge(answer, cookieName, scope.sessionEndsAt, now());
  } else if (isResigned) {
    // Asked now, not before: the request may have ended the session. The old credential goes on working where this fails.
    const verdict = await withDeadline(inspect(req.headers), deadlineMs).catch(() => undefined);
    if (verdict?.reason !== 'valid_previous_secret') return;
    handOutResigned(req, res, verdict, dependencies);
  }
}

async function tellAnswer(
  answer: Response | undefined,
  scope: RequestScope,
  res: ExpressResponse,
  { logger }: AuthRouteDependencies,
): Promise<void> {
  const requestId = requestIdOf(res);
  if (answer === undefined || scope.unavailable !== undefined) {
    // Whatever BetterAuth made of it (401, a cleared cookie, even success), nobody knows: its answer is dropped.
    logger.error({ err: scope.unavailable, requestId }, 'database unavailable');
    sendError(res, 'DATABASE_UNAVAILABLE', retractSessionReason(res));
  } else if (scope.rejected !== undefined && answer.status >= 500) {
    logger.warn({ err: scope.rejected, requestId }, 'the database refused a value of the request');
    sendError(res, 'INVALID_REQUEST');
  } else if (answer.status >= 500) {
    logger.error({ requestId, status: answer.status }, 'auth failed');
    sendError(res, 'INTERNAL_ERROR');
  } else {
    await sendWebResponse(answer, res);
  }
}
