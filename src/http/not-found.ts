/** What no route answered. */
import type { RequestHandler } from 'express';
import { sendError } from './send-error.js';

export function notFound(): RequestHandler {
  return function answerNotFound(_req, res) {
    sendError(res, 'NOT_FOUND');
  };
}
