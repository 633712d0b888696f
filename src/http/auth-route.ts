/** `/api/auth/*`: BetterAuth, with the database's failures told as what they are. */
import type { RequestHandler, Response as ExpressResponse } from 'express';
import { authBasePath } from '../auth/auth-options.js';
import type { Auth } from '../auth/create-auth.js';
import type { Config } from '../config/config.js';
import type { RequestScope, RequestScopes } from '../request-scope.js';
import { withDeadline } from './deadline.js';
import { requestIdOf } from './request-id.js';
import { sendError } from './send-error.js';
import {
  retractSessionReason,
  tellSessionReason,
  type SessionReasonDependencies,
} from './session-reason.js';
import { toWebRequest } from './web-request.js';
import { sendWebResponse } from './web-response.js';

export interface AuthRouteDependencies extends SessionReasonDependencies {
  readonly auth: Auth;
  readonly config: Config;
  readonly scopes: RequestScopes;
}

export function authRoute(dependencies: AuthRouteDependencies): RequestHandler {
  const { auth, config, scopes, deadlineMs } = dependencies;

  return async function answerAuth(req, res) {
    const startedAt = performance.now();
    const request = toWebRequest(req, config);
    const { pathname } = new URL(request.url);
    if (!auth.hasEndpoint(pathname)) {
      sendError(res, 'NOT_FOUND');
      return;
    }
    if (req.method === 'GET' && pathname === `${authBasePath}/get-session`) {
      const { reason } = await tellSessionReason(req.headers, res, dependencies);
      if (reason === 'database_unavailable') {
        sendError(res, 'DATABASE_UNAVAILABLE', { reason });
        return;
      }
    }
    const scope: RequestScope = {};
    const remainingMs = Math.max(1, deadlineMs - (performance.now() - startedAt));
    const answer = await withDeadline(
      scopes.run(scope, () => auth.handle(request)),
      remainingMs,
    ).catch((error: unknown) => {
      scope.unavailable ??= error;
      return undefined;
    });
    await tellAnswer(answer, scope, res, dependencies);
  };
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
