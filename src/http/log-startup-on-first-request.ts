/**
 * Triggers the startup report after the first response, so that it does not compete with the first request of a cold start
 * for CPU and database.
 */
import { once } from 'node:events';
import type { Middleware } from './middleware.js';

/** @param onFirstRequest its argument resolves when the first response has been sent or its connection was closed */
export function logStartupOnFirstRequest(
  onFirstRequest: (responseSent: Promise<unknown>) => void,
): Middleware {
  let isTriggered = false;
  return function triggerStartupReport(_req, res, next) {
    if (!isTriggered) {
      isTriggered = true;
      onFirstRequest(once(res, 'close'));
    }
    next();
  };
}
