/** Gives each request an id: the caller's where it is well-formed, a new one otherwise. */
import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

/** Short and without blanks or control characters, so that a visitor cannot write into our log. */
const wellFormed = /^[A-Za-z0-9._:-]{1,128}$/;

export function requestId(): RequestHandler {
  return function assignRequestId(req, res, next) {
    const given = req.get('x-request-id');
    const id = given !== undefined && wellFormed.test(given) ? given : randomUUID();
    res.locals.requestId = id;
    res.setHeader('x-request-id', id);
    next();
  };
}

export function requestIdOf(res: Response): string {
  return String(res.locals.requestId);
}
