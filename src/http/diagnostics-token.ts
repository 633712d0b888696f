/** Who may read the diagnostics: whoever presents `DIAGNOSTICS_TOKEN`, and nobody else. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { sendError } from './send-error.js';

const ownHeader = 'x-diagnostics-token';

/**
 * Refuses with 401 whoever presents another token or none. Guesses are not limited: a limit that spared the right token
 * would stop no guess, one that did not would let anybody lock the operator out, and 32 random characters are not guessed.
 */
export function requireDiagnosticsToken(token: string): RequestHandler {
  return function refuseOthers({ headers }, res, next) {
    // Prometheus and its like send a bearer token (RFC 6750).
    const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (presentsToken(headers, token) || isToken(bearer, token)) next();
    else sendError(res, 'DIAGNOSTICS_TOKEN_REQUIRED');
  };
}

/** Whether `x-diagnostics-token` holds the token: the way that leaves Authorization to the session. */
export function presentsToken(headers: IncomingHttpHeaders, token: string): boolean {
  const presented = headers[ownHeader];
  return isToken(Array.isArray(presented) ? undefined : presented, token);
}

/** Digests first: they are of one length, and comparing them tells nothing of where the texts differ. */
function isToken(presented: string | undefined, token: string): boolean {
  return presented !== undefined && timingSafeEqual(digest(presented), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
