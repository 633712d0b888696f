/** Answers 404 to requests that no route handled. */
import type { RequestHandler } from 'express';
import { sendError } from './send-error.js';

export function notFound(): RequestHandler {
  return function handleNotFound(_req, res) {
    sendError(res, 'NOT_FOUND');
  };
}
