/** The format of every error response: `{ code, message, requestId }`, plus `field` for an invalid field. */
import { errorTable, retryAfterSeconds, type ErrorCode } from '../errors.js';
import type { MiddlewareResponse } from './middleware.js';
import { requestIdOf } from './request-id.js';
import { addLogFields } from './request-log.js';

/**
 * Sends an entry of the error table.
 * @param extra additional fields of the body, such as the reason of a 401
 */
export function sendError(
  res: MiddlewareResponse,
  code: ErrorCode,
  extra: Record<string, unknown> = {},
): void {
  const { status, message } = errorTable[code];
  // Every 503 has Retry-After, so that callers neither read it as "signed out" nor retry immediately.
  if (status === 503) res.setHeader('Retry-After', String(retryAfterSeconds));
  sendRefusal(res, { status, code, message, ...extra });
}

/** Sends an error with one of BetterAuth's codes, which its clients know. */
export function sendRefusal(
  res: MiddlewareResponse,
  { status, code, ...body }: { status: number; code: string; message: string },
): void {
  addLogFields(res, { code });
  const text = JSON.stringify({ code, ...body, requestId: requestIdOf(res) });
  res.statusCode = status;
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(text)); // Node omits it from the response to HEAD
  res.end(text);
}
