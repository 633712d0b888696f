/** `GET /session`, for servers: the caller's session and user, or the reason why there is none. Never writes, never sets a cookie. */
import type { RequestHandler } from 'express';
import { reasonTable } from '../session/reasons.js';
import { pickFields, type IdentityFields } from '../session/shown-fields.js';
import { sendError } from './send-error.js';
import {
  isUnavailable,
  sendUnavailable,
  tellSessionReason,
  type SessionReasonDependencies,
} from './session-reason.js';

/** @param fields that it shows */
export function sessionRoute(
  dependencies: SessionReasonDependencies,
  fields: IdentityFields,
): RequestHandler {
  return async function handleSession(req, res) {
    const { identity, reason } = await tellSessionReason(req.headers, res, dependencies);
    if (identity !== undefined) {
      // As res.json would, without its negotiation of what never varies here: this is the service's hottest line.
      res
        .setHeader('Content-Type', 'application/json; charset=utf-8')
        .end(JSON.stringify(pickFields(identity, fields)));
    } else if (isUnavailable(reason)) {
      sendUnavailable(res, reason);
    } else {
      sendError(res, 'NOT_SIGNED_IN', {
        message: `Not signed in: ${reasonTable[reason].meaning}.`,
        reason,
      });
    }
  };
}
