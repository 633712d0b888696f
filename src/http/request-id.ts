/** Gives each request an id: the caller's where it is well-formed, a new one otherwise. */
import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

/** Short and without blanks or control characters, so that a visitor cannot write into our log. */
const wellFormed = /^[A-Za-z0-9._:-]{1,128}$/;

export function requestId(): RequestHandler {
  return function assignRequestId(req, res, next) {
    const given = req.get('x-request-id');
    const id = given !== undefined && isFit(given) ? given : randomUUID();
    res.locals.requestId = id;
    res.setHeader('x-request-id', id);
    next();
  };
}

/** What proxies and libraries make ids of: numbers, hexadecimal digits (UUIDs, trace ids), ULIDs. */
const idPart = /^(?:\d*|[0-9a-f]+|[0-9A-F]+|[0-9A-HJKMNP-TV-Z]{26})$/;

/**
 * An id goes into every log on its way, so nothing that looks like a credential is taken for one: a session or reset
 * token (24 letters and digits or more), a JSON Web Token, a signature in base64url.
 */
function isFit(given: string): boolean {
  if (given.length > 128 || !wellFormed.test(given)) return false;
  const parts = given.split(/[._:-]/).filter((part) => !idPart.test(part));
  if (parts.some((part) => part.length >= 24 || part.startsWith('eyJ'))) return false;
  const rest = parts.join('');
  const isMixed = /[A-Z]/.test(rest) && /[a-z]/.test(rest) && /\d/.test(rest);
  return rest.length < 32 || !isMixed;
}

export function requestIdOf(res: Response): string {
  return String(res.locals.requestId);
}
