/** Counts each request by route and status, and each session check by its reason. */
import type { Auth } from '../auth/create-auth.js';
import { limitOf, signInOutcomeOf } from '../http/attempt-log.js';
import type { Middleware, MiddlewareResponse } from '../http/middleware.js';
import { routePatternOf } from '../http/route-pattern.js';
import { reasonTable, type Reason } from '../session/reasons.js';
import type { Metrics } from './metrics.js';

/** @param metrics a promise, because they load while the first requests are served; counts wait for them */
export function requestMetrics(
  metrics: Promise<Metrics>,
  auth: Pick<Auth, 'findEndpoint'>,
): Middleware {
  return function countRequest(req, res, next) {
    const startedAt = performance.now();
    res.once('close', () => {
      const seconds = (performance.now() - startedAt) / 1000;
      const [status, reason] = [statusOf(res), reasonOf(res)];
      const [outcome, limit] = [signInOutcomeOf(res), limitOf(res)];
      void Promise.all([metrics, routePatternOf(req, auth)]).then(([counts, route]) => {
        counts.countRequest({ route, status, seconds });
        if (reason !== undefined) counts.countVerdict(reason);
        if (outcome !== undefined) counts.countSignIn(outcome);
        if (limit !== undefined) counts.countLimited(limit, route);
      });
    });
    next();
  };
}

function statusOf(res: MiddlewareResponse): string {
  return res.headersSent ? `${Math.floor(res.statusCode / 100)}xx` : 'aborted';
}

/** Read from the response header, so that what is counted is what was reported. */
function reasonOf(res: MiddlewareResponse): Reason | undefined {
  const reason = res.getHeader('x-session-reason');
  return typeof reason === 'string' && reason in reasonTable ? (reason as Reason) : undefined;
}
