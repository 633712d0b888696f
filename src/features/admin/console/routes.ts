/** The console: pages of HTML over the handlers of the API. Forms work without a script; signing in needs one. */
import type { RequestHandler } from 'express';
import { maxBodyBytes, requestBody } from '../../../http/request-body.js';
import { requireContentType } from '../../../http/require-content-type.js';
import type { Route } from '../../../http/route.js';
import { sendError } from '../../../http/send-error.js';
import type { FeatureServices } from '../../slots.js';
import { consolePages, consolePath } from '../api-routes.js';
import type { AdminSettings } from '../feature.js';
import type { Gate } from '../gate.js';
import type { Handlers } from '../handlers.js';
import { createActionHandler } from './action-handler.js';
import { createForOperator } from './for-operator.js';
import { createPageHandlers } from './page-handlers.js';

export function createConsoleRoutes(
  settings: AdminSettings,
  services: FeatureServices,
  gate: Gate,
  loadHandlers: () => Promise<Handlers>,
): readonly Route[] {
  const forOperator = createForOperator(services, gate, loadHandlers);
  const pages = createPageHandlers(settings, services, forOperator, loadHandlers);
  const form = [requestBody(maxBodyBytes), requireContentType('application/x-www-form-urlencoded')];
  const get = (path: string, handler: RequestHandler): Route => ({
    stage: 'private',
    path: consolePath + path,
    methods: ['GET', 'HEAD'],
    handlers: [requireNavigation, handler],
  });
  return [
    get(consolePages.overview, pages.showHome),
    get(consolePages.checks, pages.showChecks),
    get(consolePages.user, pages.showUser),
    {
      stage: 'private',
      path: `${consolePath}/users/:id/:action`,
      methods: ['POST'],
      handlers: [gate.requireSameOrigin, ...form, createActionHandler(settings, forOperator)],
    },
  ];
}

/** A link may come from anywhere; a script of another site may not read a page. */
const requireNavigation: RequestHandler = function rejectSubrequests(req, res, next) {
  const { 'sec-fetch-mode': mode, 'sec-fetch-site': site } = req.headers;
  const isOwn = site === undefined || site === 'same-origin' || site === 'none';
  if (isOwn || mode === 'navigate') next();
  else sendError(res, 'INVALID_ORIGIN');
};
