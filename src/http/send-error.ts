/** The shape of every error this service answers: `{ code, message, requestId }`, and a field's name where it is one's. */
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
  sendRefusal(res, { status, code, message, ...extra });
}

/** Answers with a code that is not the table's but BetterAuth's own, which its clients know. */
export function sendRefusal(
  res: Response,
  { status, code, ...body }: { status: number; code: string; message: string },
): void {
  addLogFields(res, { code });
  res.status(status).json({ code, ...body, requestId: requestIdOf(res) });
}
