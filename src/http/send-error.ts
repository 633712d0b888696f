/** The format of every error response: `{ code, message, requestId }`, plus `field` for an invalid field. */
import type { Response } from 'express';
import { errorTable, retryAfterSeconds, type ErrorCode } from '../errors.js';
import { requestIdOf } from './request-id.js';
import { addLogFields } from './request-log.js';

/**
 * Sends an entry of the error table.
 * @param extra additional fields of the body, such as the reason of a 401
 */
export function sendError(
  res: Response,
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
  res: Response,
  { status, code, ...body }: { status: number; code: string; message: string },
): void {
  addLogFields(res, { code });
  res.status(status).json({ code, ...body, requestId: requestIdOf(res) });
}
