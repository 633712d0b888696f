/** `GET /session`, for servers: who is calling, or the reason why nobody is. Never writes, never sets a cookie. */
import type { RequestHandler } from 'express';
import { reasonTable } from '../session/reasons.js';
import { sendError } from './send-error.js';
import {
  isUnavailable,
  sendUnavailable,
  tellSessionReason,
  type SessionReasonDependencies,
} from './session-reason.js';

export function sessionRoute(dependencies: SessionReasonDependencies): RequestHandler {
  return async function answerSession(req, res) {
    const { identity, reason } = await tellSessionReason(req.headers, res, dependencies);
    if (identity !== undefined) {
      // As res.json would, without its negotiation of what never varies here: this is the service's hottest line.
      res
        .setHeader('Content-Type', 'application/json; charset=utf-8')
        .end(JSON.stringify(identity));
    } else if (isUnavailable(reason)) {
      sendUnavailable(res, reason);
    } else {
      sendError(res, 'NOT_SIGNED_IN', {
        message: `Nobody is signed in: ${reasonTable[reason].meaning}.`,
        reason,
      });
    }
  };
}
