/** Copies BetterAuth's Response to Express's, with errors in this service's format. */
import type { Response as ExpressResponse } from 'express';
import { errorTable } from '../errors.js';
import { limitReasonOf } from '../limit-reasons.js';
import type { LimitHit } from '../request-scope.js';
import { originHint } from './origin-hint.js';
import { requestIdOf } from './request-id.js';
import { addLogFields } from './request-log.js';
import { sendError } from './send-error.js';

/**
 * Sends BetterAuth's response. The caller must have handled status 5xx.
 * @param limited the limit that caused a 429
 */
export async function sendWebResponse(
  response: Response,
  res: ExpressResponse,
  limited?: LimitHit,
): Promise<void> {
  copyHeaders(response, res);
  const text = await response.text();
  if (response.status < 400) {
    res.status(response.status).end(text);
    return;
  }
  res.type('json'); // BetterAuth answers a disabled path in plain text
  const body = readObject(text);
  if (response.status === 429) {
    // Only Retry-After is standard (RFC 6585) and understood by proxies and clients.
    res.setHeader('Retry-After', response.headers.get('x-retry-after') ?? '10');
    sendError(res, 'TOO_MANY_REQUESTS', limited && { reason: limitReasonOf(limited.limit) });
  } else if (body?.code === 'MISSING_OR_NULL_ORIGIN') {
    addLogFields(res, { originHint: originHint(res.req.headers.origin) });
    sendError(res, body.code);
  } else if (typeof body?.code === 'string') {
    addLogFields(res, { code: body.code });
    res.status(response.status).json({ ...body, requestId: requestIdOf(res) });
  } else if (response.status === 404) {
    sendError(res, 'NOT_FOUND');
  } else {
    const { code, message } = {
      code: 'INVALID_REQUEST',
      message: errorTable.INVALID_REQUEST.message,
    };
    addLogFields(res, { code });
    res.status(response.status).json({ code, message, ...body, requestId: requestIdOf(res) });
  }
}

function copyHeaders(response: Response, res: ExpressResponse): void {
  for (const [name, value] of response.headers) {
    // CORS headers are set in cross-origin.ts; cookies must not be joined into one header.
    if (name.startsWith('access-control-') || name === 'set-cookie' || name === 'content-length')
      continue;
    res.setHeader(name, name === 'content-type' ? withCharset(value) : value);
  }
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) res.append('Set-Cookie', cookies);
}

/** ASVS 4.1.1. */
function withCharset(contentType: string): string {
  return contentType === 'application/json' ? 'application/json; charset=utf-8' : contentType;
}

/** Parses a JSON object; undefined if the text is anything else. */
export function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
