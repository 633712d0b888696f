/** One log line per request, written after the response is sent; routes add fields. */
import type { IsTrustedOrigin } from '../config/trusted-origin.js';
import type { Logger } from '../log/logger.js';
import { maskText } from '../log/mask.js';
import { pathOf, type Middleware, type MiddlewareResponse } from './middleware.js';
import { createUnavailableFields } from './unavailable-fields.js';
import { originHint } from './origin-hint.js';
import { createRepeatedHints } from './repeated-hints.js';

/** Fields of the request's log line. Nothing else of a request is ever logged. */
export type LogFields = Record<string, unknown>;

/** @param isTrusted adds a hint to lines of untrusted origins */
export function requestLog(logger: Logger, isTrusted: IsTrustedOrigin): Middleware {
  const unavailableFields = createUnavailableFields(logger);
  const shortenRepeated = createRepeatedHints();
  return function logRequest(req, res, next) {
    const startedAt = performance.now();
    const { method } = req;
    const path = masked(pathOf(req)); // only the path: a query may hold a token
    res.locals.logFields = {};
    res.once('close', () => {
      const { origin } = req.headers; // read here, because require-trusted-origin.ts may have set a native app's
      const { statusCode } = res;
      const level = levelOf(res);
      const requestId = res.locals.requestId as string;
      const fields = {
        requestId,
        method,
        path,
        status: statusCode,
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
        ...(origin !== undefined && originFields(origin, isTrusted)),
        // `errored`: the caller disconnected before its body was received; a response may have been written nevertheless.
        ...((!res.writableFinished || req.errored) && { aborted: true }),
        ...logFieldsOf(res),
        ...('unavailable' in res.locals && unavailableFields(res.locals.unavailable, requestId)),
      };
      logger[level](level === 'info' ? shortenRepeated(fields) : fields, 'request');
    });
    next();
  };
}

/** Codes of overload, which is not a fault of a component. */
const busyCodes: readonly unknown[] = ['SIGN_IN_BUSY', 'SERVICE_BUSY'];

/**
 * Clients control how many overload lines there are: at level `error` an attacker could hide other errors or trigger
 * alerts.
 */
function levelOf(res: MiddlewareResponse): 'error' | 'warn' | 'info' {
  if (res.statusCode < 500) return 'info';
  return busyCodes.includes(codeOf(res)) ? 'warn' : 'error';
}

/** A mailed link has its token in the path, and a faulty caller may put an e-mail address anywhere. */
function masked(text: string): string {
  return maskText(text).slice(0, 200);
}

/** The fields that routes have added so far. */
export function logFieldsOf(res: MiddlewareResponse): LogFields {
  return res.locals.logFields as LogFields;
}

/** The error code of this request's response, if it was an error. */
export function codeOf(res: MiddlewareResponse): string | undefined {
  const { code } = logFieldsOf(res);
  return typeof code === 'string' ? code : undefined;
}

/** Makes the line explain the outage. @param error of the database or of the wait for it */
export function recordUnavailable(res: MiddlewareResponse, error: unknown): void {
  res.locals.unavailable = error;
}

/** Adds fields to this request's log line. */
export function addLogFields(res: MiddlewareResponse, fields: LogFields): void {
  Object.assign(logFieldsOf(res), fields);
}

/** In characters: a host name has at most 253. */
const maxOriginLength = 300;

function originFields(origin: string, isTrusted: IsTrustedOrigin): LogFields {
  if (isTrusted(origin)) return { origin };
  return {
    origin: masked(origin),
    originHint: originHint(origin.slice(0, maxOriginLength)),
  };
}
