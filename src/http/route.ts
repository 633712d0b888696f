/** A route or middleware that a feature adds to the request pipeline, and its stage. */
import type { RequestHandler } from 'express';
import { allowedMethods } from './allowed-methods.js';

export interface Route {
  /**
   * - `observe`: before every route; sees each request and answers none.
   * - `private`: before CORS, so no page on another origin can call it; for operators and probes.
   * - `public`: after CORS and the checks of every request from a page.
   */
  readonly stage: 'observe' | 'private' | 'public';
  /** Without a path the handlers see every request that reaches their stage. */
  readonly path?: string;
  /** For a path: other methods are refused with 405. */
  readonly methods?: readonly string[];
  readonly handlers: readonly RequestHandler[];
}

interface Router {
  use(...handlers: RequestHandler[]): unknown;
  all(path: string, ...handlers: RequestHandler[]): unknown;
}

/** Adds the routes of one stage, in the order of the list. */
export function mountRoutes(app: Router, stage: Route['stage'], routes: readonly Route[]): void {
  for (const { path, methods, handlers } of routes.filter((route) => route.stage === stage)) {
    if (path === undefined) app.use(...handlers);
    else app.all(path, ...(methods ? [allowedMethods(...methods)] : []), ...handlers);
  }
}
