/**
 * Answers the plain `GET /session`, the service's most frequent request, with the same middleware in the same order as
 * Express but without its router, which takes more CPU time than the rest of the check including the query.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorMiddleware, Middleware } from './middleware.js';

const path = '/session';
const route = { path };

/** Whether the path needs no parsing. Express answers all other requests for `/session`: with a query, HEAD, capitals. */
export function isPlainSessionCheck({ method, url }: IncomingMessage): boolean {
  return url === path && method === 'GET';
}

/**
 * @param middleware all that Express runs for `GET /session`, in that order; the last one answers
 * @param handleError receives what they throw, reject with or pass to `next`
 */
export function plainSessionCheck(
  middleware: readonly Middleware[],
  handleError: ErrorMiddleware,
): (req: IncomingMessage, res: ServerResponse) => void {
  return function checkSession(plainReq, plainRes) {
    const req = Object.assign(plainReq, { route });
    const res = Object.assign(plainRes, { locals: {} });
    let index = 0;
    // As Express does when a response is already partly sent.
    const fail = (error: unknown) => handleError(error, req, res, () => req.socket.destroy());
    const next = (error?: unknown) => {
      const run = middleware[index];
      index += 1;
      if (error) fail(error);
      else if (run !== undefined) {
        try {
          run(req, res, next)?.catch(fail);
        } catch (thrown) {
          fail(thrown);
        }
      }
    };
    next();
  };
}
