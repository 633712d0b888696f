/** CORS: exact trusted origins with credentials; no CORS headers for other origins. */
import cors, { type CorsOptions } from 'cors';
import type { IsTrustedOrigin } from '../config/trusted-origin.js';
import type { Middleware, MiddlewareRequest } from './middleware.js';

/** Response headers that a page's script may read. */
const exposedHeaders = [
  'x-session-reason',
  'x-request-id',
  'set-auth-token',
  'Retry-After',
  'X-Retry-After',
];

/** How long a browser may cache a preflight: at most two hours in Chromium, a day in Firefox. */
const preflightSeconds = 7200;

type OptionsCallback = (error: null, options: CorsOptions) => void;

export function crossOrigin(isTrusted: IsTrustedOrigin): Middleware {
  const options = {
    credentials: true,
    methods: ['GET', 'POST'],
    exposedHeaders,
    maxAge: preflightSeconds,
    optionsSuccessStatus: 204,
  };
  return cors((req: Pick<MiddlewareRequest, 'headers'>, callback: OptionsCallback) => {
    const { origin } = req.headers;
    // An array even for one origin or none: cors then compares exactly, sets Vary: Origin and answers every preflight.
    callback(null, {
      ...options,
      origin: origin !== undefined && isTrusted(origin) ? [origin] : [],
    });
  });
}
