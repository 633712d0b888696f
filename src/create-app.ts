/** The request pipeline: every middleware and route, in order. The order is the security model. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
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
import { isPlainSessionCheck, plainSessionCheck } from './http/plain-session-check.js';
import { middlewareOf, mountRoutes, type Route } from './http/route.js';
import { securityHeaders } from './http/security-headers.js';
import { sendError } from './http/send-error.js';
import { useServerClasses, type ServerClasses } from './http/server-classes.js';
import { sessionRoute } from './http/session-route.js';
import { logStartupOnFirstRequest } from './http/log-startup-on-first-request.js';
import type { Logger } from './log/logger.js';
import type { InspectSession } from './session/inspector.js';
import type { IdentityFields } from './session/shown-fields.js';

export interface AppDependencies extends AuthRouteDependencies, ReadyDependencies {
  /** The check of `/session`. */
  readonly inspectForServers: InspectSession;
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
  const everyRequest = [
    requestId(),
    securityHeaders(config.cookies.secure),
    requestLog(logger, isTrusted),
    ...middlewareOf('observe', routes),
    logStartupOnFirstRequest(onFirstRequest),
  ];
  const exceptProbes = [
    crossOrigin(isTrusted), // answers every preflight
    detectMisconfiguration(config, logger, onRequestFinding),
    afterResponse(onRequest), // after the probes, which must not wake a suspended database
    ...middlewareOf('public', routes),
  ];
  const session = [
    allowedMethods('GET', 'HEAD'),
    sessionRoute(
      { ...dependencies, inspect: dependencies.inspectForServers },
      dependencies.sessionFields,
    ),
  ];
  const handleErrors = errorHandler(logger);

  const app = createBaseApp();
  app.use(everyRequest);
  app.all('/health', allowedMethods('GET', 'HEAD'), healthRoute());
  app.all('/ready', allowedMethods('GET', 'HEAD'), readyRoute(dependencies));
  mountRoutes(app, 'private', routes);
  app.use(exceptProbes);
  mountRoutes(app, 'public', routes);
  app.all('/session', session);
  app.all(
    `${authBasePath}/features`,
    allowedMethods('GET', 'HEAD'),
    featuresRoute(dependencies.publicSettings, config),
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
  app.use(handleErrors);
  // A server's session check takes the same steps without Express's router.
  const checkSession = plainSessionCheck([...everyRequest, ...exceptProbes], session, handleErrors);
  return answerBefore(app, isPlainSessionCheck, checkSession);
}

/** What Express calls with each request; missing from its types. */
interface Handler {
  handle(req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void): void;
}

/** Makes `answer` handle the requests that `matches` selects, before Express prepares them. */
function answerBefore(
  app: Express,
  matches: (req: IncomingMessage) => boolean,
  answer: RequestListener,
): Express {
  const handler = app as Express & Handler;
  const handle = handler.handle.bind(app);
  handler.handle = function answerOrHandle(req, res, next) {
    if (matches(req)) answer(req, res);
    else handle(req, res, next);
  };
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

function createBaseApp(): Express & ServerClasses {
  const app = useServerClasses(express());
  app.disable('x-powered-by'); // ASVS 13.4.6
  app.disable('etag'); // responses are never cached, so hashing them is wasted work
  // No cached response is ever fresh: `If-None-Match: *` would turn a session into an empty 304.
  Object.defineProperty(app.request, 'fresh', { value: false });
  app.set('trust proxy', false); // client-ip.ts decides which header to trust
  app.set('query parser', 'simple');
  return app;
}
