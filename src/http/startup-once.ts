/**
 * Has the start-up report told once the first answer has left, so that a cold start's first visitor shares neither
 * processor nor database with it.
 */
import { once } from 'node:events';
import type { RequestHandler } from 'express';

/** @param tell called with the first request; its argument settles when that request was answered or broke off */
export function startupOnce(tell: (answered: Promise<unknown>) => void): RequestHandler {
  let isTold = false;
  return function logStartupReport(_req, res, next) {
    if (!isTold) {
      isTold = true;
      tell(once(res, 'close'));
    }
    next();
  };
}
