/** Counts each request by route and status, and each session check by the reason that was told. */
import type { Request, RequestHandler, Response } from 'express';
import { authBasePath } from '../auth/auth-names.js';
import type { Auth } from '../auth/create-auth.js';
import type { Metrics } from '../diagnostics/metrics.js';
import { reasonTable, type Reason } from '../session/reasons.js';
import { limitOf, signInOutcomeOf } from './attempt-log.js';

/** @param metrics a promise, because they load beside the first request; what is counted before waits for them */
export function requestCounts(
  metrics: Promise<Metrics>,
  auth: Pick<Auth, 'hasEndpoint'>,
): RequestHandler {
  return function countRequest(req, res, next) {
    const startedAt = performance.now();
    res.once('close', () => {
      const seconds = (performance.now() - startedAt) / 1000;
      const [status, reason] = [statusOf(res), reasonOf(res)];
      const [outcome, limit] = [signInOutcomeOf(res), limitOf(res)];
      void Promise.all([metrics, routeOf(req, auth)]).then(([counted, route]) => {
        counted.countRequest({ route, status, seconds });
        if (reason !== undefined) counted.countVerdict(reason);
        if (outcome !== undefined) counted.countSignIn(outcome);
        if (limit !== undefined) counted.countLimited(limit, route);
      });
    });
    next();
  };
}

/** The route that answered, as the road names it; of BetterAuth's endpoints, which are a bounded list, the endpoint. */
async function routeOf(req: Request, auth: Pick<Auth, 'hasEndpoint'>): Promise<string> {
  const route = (req.route as { path: string } | undefined)?.path;
  if (route === undefined) return 'other';
  if (!route.startsWith(authBasePath)) return route;
  const isEndpoint = await auth.hasEndpoint(req.path).catch(() => false);
  return isEndpoint ? req.path : `${authBasePath}/other`;
}

function statusOf(res: Response): string {
  return res.headersSent ? `${Math.floor(res.statusCode / 100)}xx` : 'aborted';
}

/** Of the answer's header, so that what is counted is what was told. */
function reasonOf(res: Response): Reason | undefined {
  const reason = res.getHeader('x-session-reason');
  return typeof reason === 'string' && reason in reasonTable ? (reason as Reason) : undefined;
}
