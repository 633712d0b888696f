/** The routes of the API for operators. Before CORS, so that no page of another origin can call one. */
import type { Request, RequestHandler, Response } from 'express';
import { responseSent } from '../../http/after-response.js';
import { auditClientOf } from '../../http/audit-client.js';
import { maxBodyBytes, requestBody } from '../../http/request-body.js';
import { requestIdOf } from '../../http/request-id.js';
import { addLogFields } from '../../http/request-log.js';
import { requireContentType } from '../../http/require-content-type.js';
import type { Route } from '../../http/route.js';
import { sendError } from '../../http/send-error.js';
import { withTimeout } from '../../http/with-timeout.js';
import type { FeatureServices } from '../slots.js';
import {
  apiPath,
  apiRoutes,
  stopImpersonatingPath,
  type ApiRoute,
  type ApiRouteName,
} from './api-routes.js';
import type { Call } from './call.js';
import type { AdminSettings } from './feature.js';
import { findOperator, isSameOrigin, type Operator, type Refusal } from './guard.js';
import { sendFailure, sendNoOperator } from './responses.js';
import { sessionCookies } from './session-cookies.js';
import { stopImpersonating } from './stop-impersonating.js';

export function createRoutes(settings: AdminSettings, services: FeatureServices): readonly Route[] {
  const { config, audit, waitUntil, checkSession, deadlineMs, now } = services;
  // Loaded with the first call: a session check needs none of it.
  const loadHandlers = async () =>
    (await import('./auth/handlers.js')).createHandlers(settings, services);

  const requireSameOrigin: RequestHandler = function rejectOtherPages(req, res, next) {
    if (isSameOrigin(req, config.ownOrigins)) next();
    else {
      noteRefusal(req, res, 'invalid_origin');
      sendError(res, 'INVALID_ORIGIN');
    }
  };

  function noteRefusal(
    req: Request,
    res: Response,
    reason: string,
    refused: Partial<Pick<Refusal, 'verdict' | 'status'>> = {},
  ): void {
    const { verdict, status = 403 } = refused;
    audit?.noteRefusal({
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

  /** Answers by itself, and returns undefined, if the caller is no operator. */
  async function authorize(
    { isFresh }: ApiRoute,
    req: Request,
    res: Response,
  ): Promise<Operator | undefined> {
    // Only the cookie: a bearer token is meant for APIs, which hold it.
    const verdict = await checkSession({ ...req.headers, authorization: undefined }, res);
    const found = findOperator(verdict, isFresh, now());
    if ('operator' in found) return found.operator;
    const { reason } = found.refusal;
    noteRefusal(req, res, reason, found.refusal);
    sendNoOperator(found.refusal, res);
    return undefined;
  }

  const answer = (name: ApiRouteName): RequestHandler =>
    async function handleAdmin(req, res, next) {
      const route: ApiRoute = apiRoutes[name];
      const operator = await authorize(route, req, res);
      if (operator === undefined) return;
      addLogFields(res, { operatorId: operator.id });
      const input = route.method === 'GET' ? req.query : parseBody(req.body);
      if (input === undefined) {
        sendError(res, 'INVALID_REQUEST');
        return;
      }
      const call: Call = {
        operator,
        userId: typeof req.params.id === 'string' ? req.params.id : '',
        input,
        requestId: requestIdOf(res),
        client: auditClientOf(req, config.clientIpHeader),
        cookies: sessionCookies(req, res, services),
      };
      try {
        const handlers = await loadHandlers();
        res.json(await withTimeout(handlers[name](call), deadlineMs));
      } catch (error) {
        sendFailure(error, res, next);
      }
    };

  const jsonBody = [requestBody(maxBodyBytes), requireContentType('application/json')];
  const stop: Route = {
    stage: 'private',
    path: stopImpersonatingPath,
    methods: ['POST'],
    handlers: [requireSameOrigin, ...jsonBody, stopImpersonating(services)],
  };
  const names = (Object.keys(apiRoutes) as ApiRouteName[]).filter(
    (name) => settings.impersonation || name !== 'impersonate',
  );
  const routes = names.map((name): Route => {
    const { method, path }: ApiRoute = apiRoutes[name];
    const body = method === 'POST' ? jsonBody : [];
    return {
      stage: 'private',
      path: apiPath + path,
      methods: [method],
      handlers: [requireSameOrigin, ...body, answer(name)],
    };
  });
  // Also while it is off: a session of before can be ended.
  return [...routes, stop];
}

function endpointOf({ route }: Request): string {
  const { path } = (route ?? {}) as { path?: unknown };
  return typeof path === 'string' ? path : '';
}

/** @returns undefined if the body is no JSON object; an absent body is an empty one */
function parseBody(body: unknown): Record<string, unknown> | undefined {
  if (!Buffer.isBuffer(body)) return {};
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
