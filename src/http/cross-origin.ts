/** CORS: exact trusted origins, with credentials, and nothing for anybody else. */
import cors, { type CorsOptions } from 'cors';
import type { Request, RequestHandler } from 'express';
import type { IsTrustedOrigin } from '../config/trusted-origin.js';

/** What a page's script may read of an answer besides its body. */
const exposedHeaders = [
  'x-session-reason',
  'x-request-id',
  'set-auth-token',
  'Retry-After',
  'X-Retry-After',
];

/** How long a browser may remember a preflight: Chromium keeps it two hours at most, Firefox a day. */
const preflightSeconds = 7200;

type GiveOptions = (error: null, options: CorsOptions) => void;

export function crossOrigin(isTrusted: IsTrustedOrigin): RequestHandler {
  const options = {
    credentials: true,
    methods: ['GET', 'POST'],
    exposedHeaders,
    maxAge: preflightSeconds,
    optionsSuccessStatus: 204,
  };
  return cors((req: Pick<Request, 'headers'>, give: GiveOptions) => {
    const { origin } = req.headers;
    // An array, though of one or none: with it cors compares whole, sets Vary: Origin, and answers every preflight.
    give(null, { ...options, origin: origin !== undefined && isTrusted(origin) ? [origin] : [] });
  });
}
