/** Assigns an id to each request: the caller's if it is well-formed, otherwise a new one. */
import { randomUUID } from 'node:crypto';
import type { Middleware, MiddlewareResponse } from './middleware.js';

/** Short and without spaces or control characters, to prevent log injection. */
const wellFormed = /^[A-Za-z0-9._:-]{1,128}$/;

export function requestId(): Middleware {
  return function assignRequestId(req, res, next) {
    const given = req.headers['x-request-id'];
    const id = typeof given === 'string' && isAcceptable(given) ? given : randomUUID();
    res.locals.requestId = id;
    res.setHeader('x-request-id', id);
    next();
  };
}

/** What proxies and libraries use in ids: numbers, hexadecimal digits (UUIDs, trace ids), ULIDs. */
const idPart = /^(?:\d*|[0-9a-f]+|[0-9A-F]+|[0-9A-HJKMNP-TV-Z]{26})$/;

/**
 * An id is logged by every service on the way, so anything that looks like a credential is rejected: a session or reset
 * token (24 or more letters and digits), a JSON Web Token, a base64url signature.
 */
function isAcceptable(given: string): boolean {
  if (given.length > 128 || !wellFormed.test(given)) return false;
  const parts = given.split(/[._:-]/).filter((part) => !idPart.test(part));
  if (parts.some((part) => part.length >= 24 || part.startsWith('eyJ'))) return false;
  const rest = parts.join('');
  const isMixed = /[A-Z]/.test(rest) && /[a-z]/.test(rest) && /\d/.test(rest);
  return rest.length < 32 || !isMixed;
}

export function requestIdOf(res: MiddlewareResponse): string {
  return String(res.locals.requestId);
}
