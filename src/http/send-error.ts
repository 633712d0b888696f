/** The shape of every error this service answers: `{ code, message, requestId }`. */
import type { Response } from 'express';
import { errorTable, retryAfterSeconds, type ErrorCode } from '../errors.js';
import { requestIdOf } from './request-id.js';
import { addLogFields } from './request-log.js';

/**
 * Answers with an entry of the table.
 * @param extra further fields of the body, such as the reason of a 401
 */
export function sendError(
  res: Response,
  code: ErrorCode,
  extra: Record<string, unknown> = {},
): void {
  const { status, message } = errorTable[code];
  // 503 always says when to come back, so that no caller reads it as "signed out" or hammers us.
  if (status === 503) res.setHeader('Retry-After', String(retryAfterSeconds));
  addLogFields(res, { code });
  res.status(status).json({ code, message, ...extra, requestId: requestIdOf(res) });
}
