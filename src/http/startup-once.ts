/** Starts the start-up report with the first request, which does not wait for it. */
import type { RequestHandler } from 'express';

export function startupOnce(tell: () => void): RequestHandler {
  let isTold = false;
  return function tellStartup(_req, _res, next) {
    if (!isTold) {
      isTold = true;
      tell();
    }
    next();
  };
}
