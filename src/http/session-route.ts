/** `GET /session`, for servers: the caller's session and user, or the reason why there is none. Read-only: never sets a cookie. */
import { pickFields, type IdentityFields } from '../session/shown-fields.js';
import type { Middleware } from './middleware.js';
import { notSignedInFields } from './not-signed-in.js';
import { sendError } from './send-error.js';
import {
  isUnavailable,
  sendUnavailable,
  setSessionReasonHeader,
  type SessionReasonDependencies,
} from './session-reason.js';

/** @param fields that the response has */
export function sessionRoute(
  dependencies: SessionReasonDependencies,
  fields: IdentityFields,
): Middleware {
  return async function handleSession(req, res) {
    const verdict = await setSessionReasonHeader(req.headers, res, dependencies);
    const { reason } = verdict;
    if (verdict.signedIn) {
      // Same output as res.json without its overhead: this is the service's hottest path.
      res
        .setHeader('Content-Type', 'application/json; charset=utf-8')
        .end(JSON.stringify(pickFields(verdict.identity, fields)));
    } else if (isUnavailable(reason)) {
      sendUnavailable(res, reason);
    } else {
      sendError(res, 'NOT_SIGNED_IN', { ...notSignedInFields(verdict) });
    }
  };
}
