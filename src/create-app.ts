/** The request pipeline: every middleware and route, in order. The order is the security model. */
import express, { type Express } from 'express';
import { authBasePath } from './auth/auth-constants.js';
import type { Finding } from './config/finding.js';
import { createOriginCheck } from './config/trusted-origin.js';
import { afterResponse, type WaitForResponse } from './http/after-response.js';
import { allowedMethods } from './http/allowed-methods.js';
import { authRoute, type AuthRouteDependencies } from './http/auth-route.js';
import { validateInput, type LoadInputRules } from './http/validate-input.js';
import { crossOrigin } from './http/cross-origin.js';
import { errorHandler } from './http/error-handler.js';
import { requireTrustedOrigin } from './http/require-trusted-origin.js';
import { featuresRoute } from './http/features-route.js';
import { healthRoute } from './http/health-route.js';
import { requireContentType } from './http/require-content-type.js';
import { notFound } from './http/not-found.js';
import { readyRoute, type ReadyDependencies } from './http/ready-route.js';
import { maxBodyBytes, requestBody } from './http/request-body.js';
import { detectMisconfiguration } from './http/detect-misconfiguration.js';
import { requestId } from './http/request-id.js';
import { requestLog } from './http/request-log.js';
import { mountRoutes, type Route } from './http/route.js';
import { securityHeaders } from './http/security-headers.js';
import { sendError } from './http/send-error.js';
import { sessionRoute } from './http/session-route.js';
import { logStartupOnFirstRequest } from './http/log-startup-on-first-request.js';
import type { Logger } from './log/logger.js';
import type { IdentityFields } from './session/shown-fields.js';

export interface AppDependencies extends AuthRouteDependencies, ReadyDependencies {
  /** Called with the first request: logs the startup report after the response. */
  readonly onFirstRequest: (responseSent: Promise<unknown>) => void;
  /** Called with each request except probes: background work waits for its response. */
  readonly onRequest: (waitForResponse: WaitForResponse) => void;
  /** Called with findings about the configuration that a request reveals. */
  readonly onRequestFinding: (finding: Finding) => void;
  /** The fields that `/session` returns. */
  readonly sessionFields: IdentityFields;
  /** What `/api/auth/features` returns. */
  readonly publicSettings: Readonly<Record<string, unknown>>;
  /** Checks of features on a body that is passed to BetterAuth. */
  readonly loadInputRules: LoadInputRules;
  /** Routes of the enabled features, each mounted at its stage. */
  readonly routes: readonly Route[];
}

export function createApp(dependencies: AppDependencies): Express {
  const { config, logger, onFirstRequest, onRequest, onRequestFinding, routes } = dependencies;
  const isTrusted = createOriginCheck(config);
  const app = createBaseApp();
  app.use(requestId());
  app.use(securityHeaders(config.cookies.secure));
  app.use(requestLog(logger, isTrusted));
  mountRoutes(app, 'observe', routes);
  app.use(logStartupOnFirstRequest(onFirstRequest));
  app.all('/health', allowedMethods('GET', 'HEAD'), healthRoute());
  app.all('/ready', allowedMethods('GET', 'HEAD'), readyRoute(dependencies));
  mountRoutes(app, 'private', routes);
  app.use(crossOrigin(isTrusted)); // answers every preflight
  app.use(detectMisconfiguration(config, logger, onRequestFinding));
  app.use(afterResponse(onRequest)); // after the probes, which must not wake a suspended database
  mountRoutes(app, 'public', routes);
  app.all(
    '/session',
    allowedMethods('GET', 'HEAD'),
    sessionRoute(dependencies, dependencies.sessionFields),
  );
  app.all(
    `${authBasePath}/features`,
    allowedMethods('GET', 'HEAD'),
    featuresRoute(dependencies.publicSettings),
  );
  app.all(
    `${authBasePath}/*endpoint`,
    allowedMethods('GET', 'POST'),
    requireTrustedOrigin(isTrusted),
    requestBody(maxBodyBytes),
    requireContentType('application/json', 'application/x-www-form-urlencoded'),
    validateInput(config.baseUrl, isTrusted, dependencies.loadInputRules),
    authRoute(dependencies),
  );
  app.use(notFound());
  app.use(errorHandler(logger));
  return app;
}

/** For an invalid configuration: alive, with 503 for everything else, so that the log can explain why. */
export function createMisconfiguredApp(logger: Logger): Express {
  const app = createBaseApp();
  app.use(requestId());
  app.use(securityHeaders(false));
  app.use(requestLog(logger, () => false));
  app.all('/health', allowedMethods('GET', 'HEAD'), healthRoute());
  app.use((_req, res) => sendError(res, 'CONFIGURATION_INVALID'));
  app.use(errorHandler(logger));
  return app;
}

function createBaseApp(): Express {
  const app = express();
  app.disable('x-powered-by'); // ASVS 13.4.6
  app.disable('etag'); // responses are never cached, so hashing them is wasted work
  // No cached response is ever fresh: `If-None-Match: *` would turn a session into an empty 304.
  Object.defineProperty(app.request, 'fresh', { value: false });
  app.set('trust proxy', false); // client-ip.ts decides which header to trust
  app.set('query parser', 'simple');
  return app;
}
