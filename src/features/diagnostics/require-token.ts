/** Who may read the diagnostics: callers that present `DIAGNOSTICS_TOKEN`. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { sendRefusal } from '../../http/send-error.js';
import { errors } from './reasons.js';

const ownHeader = 'x-diagnostics-token';

/**
 * Answers 401 to another token or none. Guesses are not rate-limited: a limit that exempts the right token would stop
 * no guess, one that does not would let anyone lock the operator out, and 32 random characters cannot be guessed.
 */
export function requireDiagnosticsToken(token: string): RequestHandler {
  return function requireToken({ headers }, res, next) {
    // Prometheus and other scrapers send a bearer token (RFC 6750).
    const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (presentsToken(headers, token) || isToken(bearer, token)) {
      next();
      return;
    }
    const code = 'DIAGNOSTICS_TOKEN_REQUIRED';
    sendRefusal(res, { code, ...errors[code] });
  };
}

/** Whether `x-diagnostics-token` holds the token: the header that leaves Authorization to the session. */
export function presentsToken(headers: IncomingHttpHeaders, token: string): boolean {
  const presented = headers[ownHeader];
  return isToken(Array.isArray(presented) ? undefined : presented, token);
}

/** Compares digests: they have one length, and the time reveals nothing of where the texts differ. */
function isToken(presented: string | undefined, token: string): boolean {
  return presented !== undefined && timingSafeEqual(digest(presented), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
