/** Lets background work wait until a response has been sent. */
import type { Middleware, MiddlewareResponse } from './middleware.js';

/** Resolves when the response has been sent or the connection was closed. Lazy, because few requests are waited for. */
export type WaitForResponse = () => Promise<void>;

/** @param onRequest called for each request, before it is handled */
export function afterResponse(onRequest: (waitForResponse: WaitForResponse) => void): Middleware {
  return function passWaitForResponse(_req, res, next) {
    onRequest(() => responseSent(res));
    next();
  };
}

/** One listener for each response, however much work waits for it: Node warns from the eleventh on. */
const waits = new WeakMap<MiddlewareResponse, Promise<void>>();

export function responseSent(res: MiddlewareResponse): Promise<void> {
  const known = waits.get(res);
  if (known !== undefined) return known;
  const sent = new Promise<void>((resolve) => {
    if (res.closed) resolve();
    else res.once('close', resolve);
  });
  waits.set(res, sent);
  return sent;
}
