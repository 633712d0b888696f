/** The routes of the API for operators. Before CORS, so that no page of another origin can call one. */
import type { RequestHandler } from 'express';
import { maxBodyBytes, requestBody } from '../../http/request-body.js';
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
import { createConsoleRoutes } from './console/routes.js';
import type { AdminSettings } from './feature.js';
import { createGate } from './gate.js';
import { sendFailure, sendNoOperator } from './responses.js';
import { stopImpersonating } from './stop-impersonating.js';

export function createRoutes(settings: AdminSettings, services: FeatureServices): readonly Route[] {
  const gate = createGate(services);
  // Loaded with the first call: a session check needs none of it.
  const loadHandlers = async () =>
    (await import('./auth/handlers.js')).createHandlers(settings, services);

  const answer = (name: ApiRouteName): RequestHandler =>
    async function handleAdmin(req, res, next) {
      const { method, isFresh }: ApiRoute = apiRoutes[name];
      const found = await gate.authorize(req, res, isFresh);
      if ('refusal' in found) {
        sendNoOperator(found.refusal, res);
        return;
      }
      const input = method === 'GET' ? req.query : parseBody(req.body);
      if (input === undefined) {
        sendError(res, 'INVALID_REQUEST');
        return;
      }
      try {
        const call = gate.callOf(req, res, found.operator, input);
        const handlers = await loadHandlers();
        res.json(await withTimeout(handlers[name](call), services.deadlineMs));
      } catch (error) {
        sendFailure(error, res, next);
      }
    };

  const jsonBody = [requestBody(maxBodyBytes), requireContentType('application/json')];
  const stop: Route = {
    stage: 'private',
    path: stopImpersonatingPath,
    methods: ['POST'],
    handlers: [gate.requireSameOrigin, ...jsonBody, stopImpersonating(services)],
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
      handlers: [gate.requireSameOrigin, ...body, answer(name)],
    };
  });
  // `stop` also while impersonation is off: a session of before can be ended.
  return [...routes, stop, ...createConsoleRoutes(settings, services, gate, loadHandlers)];
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
