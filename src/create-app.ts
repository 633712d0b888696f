/** The request pipeline: every middleware and route, in order. The order is the security model. */
import express, { type Express } from 'express';
import { authBasePath } from './auth/auth-names.js';
import type { Finding } from './config/finding.js';
import { createOriginCheck } from './config/trusted-origin.js';
import { afterAnswer, type Answered } from './http/after-answer.js';
import { allowedMethods } from './http/allowed-methods.js';
import { authRoute, type AuthRouteDependencies } from './http/auth-route.js';
import { checkedInput, type LoadInputRules } from './http/checked-input.js';
import { crossOrigin } from './http/cross-origin.js';
import { errorHandler } from './http/error-handler.js';
import { exactOrigin } from './http/exact-origin.js';
import { healthRoute } from './http/health-route.js';
import { mediaType } from './http/media-type.js';
import { notFound } from './http/not-found.js';
import { readyRoute, type ReadyDependencies } from './http/ready-route.js';
import { maxBodyBytes, requestBody } from './http/request-body.js';
import { requestFindings } from './http/request-findings.js';
import { requestId } from './http/request-id.js';
import { requestLog } from './http/request-log.js';
import { mountRoutes, type Route } from './http/route.js';
import { securityHeaders } from './http/security-headers.js';
import { sendError } from './http/send-error.js';
import { sessionRoute } from './http/session-route.js';
import { startupOnce } from './http/startup-once.js';
import type { Logger } from './log/logger.js';
import type { IdentityFields } from './session/shown-fields.js';

export interface AppDependencies extends AuthRouteDependencies, ReadyDependencies {
  /** Called with the first request: tells the start-up report once it is answered. */
  readonly onFirstRequest: (answered: Promise<unknown>) => void;
  /** Called with each request: what is to be done beside them waits for its answer. */
  readonly onAnswer: (answered: Answered) => void;
  /** Called with what a request reveals about the configuration. */
  readonly onRequestFinding: (finding: Finding) => void;
  /** The fields that `/session` shows. */
  readonly sessionFields: IdentityFields;
  /** What features check of a body that is sent to BetterAuth. */
  readonly loadInputRules: LoadInputRules;
  /** Of the features that are on, each mounted at its stage. */
  readonly routes: readonly Route[];
}

export function createApp(dependencies: AppDependencies): Express {
  const { config, logger, onFirstRequest, onAnswer, onRequestFinding, routes } = dependencies;
  const isTrusted = createOriginCheck(config);
  const app = bareExpress();
  app.use(requestId());
  app.use(securityHeaders(config.cookies.secure));
  app.use(requestLog(logger, isTrusted));
  mountRoutes(app, 'observe', routes);
  app.use(startupOnce(onFirstRequest));
  app.all('/health', allowedMethods('GET', 'HEAD'), healthRoute());
  app.all('/ready', allowedMethods('GET', 'HEAD'), readyRoute(dependencies));
  mountRoutes(app, 'private', routes);
  app.use(crossOrigin(isTrusted)); // answers every preflight
  app.use(requestFindings(config, logger, onRequestFinding));
  app.use(afterAnswer(onAnswer)); // behind the probes: a sleeping database is not woken for them
  mountRoutes(app, 'public', routes);
  app.all(
    '/session',
    allowedMethods('GET', 'HEAD'),
    sessionRoute(dependencies, dependencies.sessionFields),
  );
  app.all(
    `${authBasePath}/*endpoint`,
    allowedMethods('GET', 'POST'),
    exactOrigin(isTrusted),
    requestBody(maxBodyBytes),
    mediaType('application/json', 'application/x-www-form-urlencoded'),
    checkedInput(config.baseUrl, isTrusted, dependencies.loadInputRules),
    authRoute(dependencies),
  );
  app.use(notFound());
  app.use(errorHandler(logger));
  return app;
}

/** For a configuration that cannot serve: alive, and 503 to everything else, so that the log can tell why. */
export function createRefusingApp(logger: Logger): Express {
  const app = bareExpress();
  app.use(requestId());
  app.use(securityHeaders(false));
  app.use(requestLog(logger, () => false));
  app.all('/health', allowedMethods('GET', 'HEAD'), healthRoute());
  app.use((_req, res) => sendError(res, 'CONFIGURATION_INVALID'));
  app.use(errorHandler(logger));
  return app;
}

function bareExpress(): Express {
  const app = express();
  app.disable('x-powered-by'); // ASVS 13.4.6
  app.disable('etag'); // answers are never cached, so a hash of each is work for nothing
  // Nor does a caller hold one that is still good: `If-None-Match: *` would turn a session into an empty 304.
  Object.defineProperty(app.request, 'fresh', { value: false });
  app.set('trust proxy', false); // client-ip.ts decides whom to believe
  app.set('query parser', 'simple');
  return app;
}
