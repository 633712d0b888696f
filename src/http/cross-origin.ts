/** CORS: exact trusted origins, with credentials, and nothing for anybody else. */
import cors from 'cors';
import type { RequestHandler } from 'express';

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

export function crossOrigin(trustedOrigins: readonly string[]): RequestHandler {
  return cors({
    // An array is compared whole: no suffix, prefix, port or scheme trick matches (ASVS 3.4.2). Sets Vary: Origin.
    origin: [...trustedOrigins],
    credentials: true,
    methods: ['GET', 'POST'],
    exposedHeaders,
    maxAge: preflightSeconds,
    optionsSuccessStatus: 204,
  });
}
