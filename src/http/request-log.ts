/** One line a request, written when the answer has left; routes add what they learnt. */
import type { RequestHandler, Response } from 'express';
import type { IsTrustedOrigin } from '../config/trusted-origin.js';
import type { Logger } from '../log/logger.js';
import { maskText } from '../log/mask.js';
import { createUnavailableFields } from './unavailable-fields.js';
import { originHint } from './origin-hint.js';

/** Fields of the request's log line. Only what is listed here by name is ever logged of a request. */
export type LogFields = Record<string, unknown>;

/** @param isTrusted to say in the line that a page's origin is not */
export function requestLog(logger: Logger, isTrusted: IsTrustedOrigin): RequestHandler {
  const unavailableFields = createUnavailableFields(logger);
  return function logRequest(req, res, next) {
    const startedAt = performance.now();
    const { method } = req;
    const path = shown(req.path); // the path alone: a query may hold a token
    res.locals.logFields = {};
    res.once('close', () => {
      const { origin } = req.headers; // now: a native app's is known by another header (exact-origin.ts)
      const { statusCode } = res;
      const level = levelOf(res);
      const requestId = res.locals.requestId as string;
      logger[level](
        {
          requestId,
          method,
          path,
          status: statusCode,
          durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
          ...(origin !== undefined && originFields(origin, isTrusted)),
          // `errored`: the caller left before its body was there; an answer may have been written nevertheless.
          ...((!res.writableFinished || req.errored) && { aborted: true }),
          ...logFieldsOf(res),
          ...('unavailable' in res.locals && unavailableFields(res.locals.unavailable, requestId)),
        },
        'request',
      );
    });
    next();
  };
}

/** Codes of what was too much at once, which is no fault of a part. */
const busyCodes: readonly unknown[] = ['SIGN_IN_BUSY', 'SERVICE_BUSY'];

/**
 * Whoever sends too much decides how many of these lines there are: at `error` a stranger could bury every other error,
 * or wake whoever is paged for them.
 */
function levelOf(res: Response): 'error' | 'warn' | 'info' {
  if (res.statusCode < 500) return 'info';
  return busyCodes.includes(codeOf(res)) ? 'warn' : 'error';
}

/** A mailed link carries its token in the path itself, and a mistaken caller sends an e-mail anywhere. */
function shown(text: string): string {
  return maskText(text).slice(0, 200);
}

function logFieldsOf(res: Response): LogFields {
  return res.locals.logFields as LogFields;
}

/** The code that this request was answered with, where it was an error. */
export function codeOf(res: Response): string | undefined {
  const { code } = logFieldsOf(res);
  return typeof code === 'string' ? code : undefined;
}

/** Makes the line say why nobody could tell. @param error what the database, or the wait for it, ended with */
export function noteUnavailable(res: Response, error: unknown): void {
  res.locals.unavailable = error;
}

/** Adds to the line that will be written for this request. */
export function addLogFields(res: Response, fields: LogFields): void {
  Object.assign(logFieldsOf(res), fields);
}

/** In characters: a host name has 253 at most. */
const longestOrigin = 300;

function originFields(origin: string, isTrusted: IsTrustedOrigin): LogFields {
  if (isTrusted(origin)) return { origin };
  return {
    origin: shown(origin),
    originHint: originHint(origin.slice(0, longestOrigin)),
  };
}
