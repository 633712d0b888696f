/** `/api/auth/*`: BetterAuth, with the database's failures told as what they are. */
import type {
  Request as ExpressRequest,
  RequestHandler,
  Response as ExpressResponse,
} from 'express';
import { authBasePath } from '../auth/auth-options.js';
import type { AuthHandler } from '../auth/create-auth.js';
import type { Config } from '../config/config.js';
import type { RequestScope, RequestScopes } from '../request-scope.js';
import { withDeadline } from './deadline.js';
import { requestIdOf } from './request-id.js';
import { sendError } from './send-error.js';
import { tellSessionReason, type SessionReasonDependencies } from './session-reason.js';
import { toWebRequest } from './web-request.js';
import { sendWebResponse } from './web-response.js';

export interface AuthRouteDependencies extends SessionReasonDependencies {
  readonly handleAuth: AuthHandler;
  readonly config: Config;
  readonly scopes: RequestScopes;
}

/** Longer than any endpoint's; the rate limit's table keeps the path, and its index refuses 2.7 kB. */
const longestPath = 500;

export function authRoute(dependencies: AuthRouteDependencies): RequestHandler {
  const { handleAuth, config, scopes, deadlineMs } = dependencies;

  return async function answerAuth(req, res) {
    if (req.path.length > longestPath) {
      sendError(res, 'NOT_FOUND');
      return;
    }
    if (isSessionCheck(req)) {
      const { reason } = await tellSessionReason(req.headers, res, dependencies);
      if (reason === 'database_unavailable') {
        sendError(res, 'DATABASE_UNAVAILABLE', { reason });
        return;
      }
    }
    const scope: RequestScope = {};
    const request = toWebRequest(req, config.baseUrl, config.clientIpHeader);
    const answer = await withDeadline(
      scopes.run(scope, () => handleAuth(request)),
      deadlineMs,
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
    sendError(res, 'DATABASE_UNAVAILABLE');
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

function isSessionCheck(req: ExpressRequest): boolean {
  return req.method === 'GET' && req.path === `${authBasePath}/get-session`;
}
