/** The door of the API and the console: checks who is calling, and notes who was refused. */
import type { Request, RequestHandler, Response } from 'express';
import { responseSent } from '../../http/after-response.js';
import { auditClientOf } from '../../http/audit-client.js';
import { requestIdOf } from '../../http/request-id.js';
import { addLogFields } from '../../http/request-log.js';
import { sendError } from '../../http/send-error.js';
import type { FeatureServices } from '../slots.js';
import type { Call } from './call.js';
import { findOperator, isSameOrigin, type Operator, type Refusal } from './guard.js';
import { sessionCookies } from './session-cookies.js';

export interface Gate {
  /** Answers 403 to pages of other origins. */
  readonly requireSameOrigin: RequestHandler;
  /** The operator who is calling, or why the caller is none; a refusal is noted in the audit trail. */
  authorize(
    req: Request,
    res: Response,
    isFresh: boolean,
  ): Promise<{ readonly operator: Operator } | { readonly refusal: Refusal }>;
  /** What the handlers get. @param input unverified */
  callOf(
    req: Request,
    res: Response,
    operator: Operator,
    input: Readonly<Record<string, unknown>>,
  ): Call;
}

export function createGate(services: FeatureServices): Gate {
  const { config, audit, waitUntil, checkSession } = services;

  function noteRefusal(
    req: Request,
    res: Response,
    reason: string,
    { verdict, status = 403 }: Partial<Pick<Refusal, 'verdict' | 'status'>> = {},
  ): void {
    audit?.noteRepeatable({
      kind: 'request',
      outcome: status >= 500 ? 'failed' : 'refused',
      reason,
      ...(verdict?.signedIn === true && { userId: verdict.identity.user.id }),
      session: verdict?.tokenFingerprint,
      requestId: requestIdOf(res),
      client: auditClientOf(req, config.clientIpHeader),
      details: { endpoint: endpointOf(req) },
    });
    const written = responseSent(res).then(() => audit?.flush());
    waitUntil?.(written);
  }

  return {
    requireSameOrigin: function rejectOtherPages(req, res, next) {
      if (isSameOrigin(req, config.ownOrigins)) next();
      else {
        noteRefusal(req, res, 'invalid_origin');
        sendError(res, 'INVALID_ORIGIN');
      }
    },

    async authorize(req, res, isFresh) {
      // Only the cookie: a bearer token is meant for APIs, which hold it.
      const verdict = await checkSession({ ...req.headers, authorization: undefined }, res);
      const found = findOperator(verdict, isFresh);
      if ('operator' in found) addLogFields(res, { operatorId: found.operator.id });
      else noteRefusal(req, res, found.refusal.reason, found.refusal);
      return found;
    },

    callOf: (req, res, operator, input) => ({
      operator,
      userId: typeof req.params.id === 'string' ? req.params.id : '',
      input,
      requestId: requestIdOf(res),
      client: auditClientOf(req, config.clientIpHeader),
      cookies: sessionCookies(req, res, services),
    }),
  };
}

function endpointOf({ route }: Request): string {
  const { path } = (route ?? {}) as { path?: unknown };
  return typeof path === 'string' ? path : '';
}
