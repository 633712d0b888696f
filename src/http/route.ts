/** A route or middleware that a feature adds to the request pipeline, and its stage. */
import type { RequestHandler } from 'express';
import { allowedMethods } from './allowed-methods.js';
import type { Middleware } from './middleware.js';

/**
 * - `observe`: before every route; sees each request and answers none.
 * - `private`: before CORS, so no page on another origin can call it; for operators and probes.
 * - `public`: after CORS and the checks of every request from a page.
 */
type Stage = 'observe' | 'private' | 'public';

/** Middleware that sees every request that reaches its stage. */
interface StageMiddleware {
  readonly stage: Exclude<Stage, 'private'>;
  readonly path?: undefined;
  readonly handlers: readonly Middleware[];
}

interface PathRoute {
  readonly stage: Exclude<Stage, 'observe'>;
  /** Does not match the paths of the core. */
  readonly path: string;
  /** Other methods are refused with 405. */
  readonly methods?: readonly string[];
  readonly handlers: readonly RequestHandler[];
}

export type Route = StageMiddleware | PathRoute;

interface Router {
  all(path: string, ...handlers: RequestHandler[]): unknown;
}

/** The middleware of one stage, in the order of the list. */
export function middlewareOf(
  stage: StageMiddleware['stage'],
  routes: readonly Route[],
): readonly Middleware[] {
  return routes.flatMap((route) =>
    route.path === undefined && route.stage === stage ? route.handlers : [],
  );
}

/** Adds the routes of one stage, in the order of the list. */
export function mountRoutes(
  app: Router,
  stage: PathRoute['stage'],
  routes: readonly Route[],
): void {
  for (const route of routes) {
    if (route.path === undefined || route.stage !== stage) continue;
    const { path, methods, handlers } = route;
    app.all(path, ...(methods ? [allowedMethods(...methods)] : []), ...handlers);
  }
}
