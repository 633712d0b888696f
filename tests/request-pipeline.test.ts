/** The whole order of the request pipeline with every feature on: the order is the security model. */
import { expect, test } from 'vitest';
import { readConfig } from '../src/config/config.js';
import { createService } from '../src/create-service.js';
import { createLogger } from '../src/log/logger.js';
import { everyFeatureOn } from './support/every-feature.js';
import { testEnvironment } from './support/test-service.js';

interface Layer {
  readonly name: string;
  readonly route?: { readonly path: string; readonly stack: readonly { readonly name: string }[] };
}

test('the order of all middleware and routes', async () => {
  const env = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none', ...testEnvironment };
  const now = () => new Date();
  const config = readConfig({ ...env, ...everyFeatureOn }, now());
  const { app, database } = createService({ config, logger: createLogger('silent'), now });
  const { stack } = app.router as unknown as { stack: readonly Layer[] };
  const order = stack.map(({ name, route }) =>
    route === undefined
      ? name
      : [route.path, ...new Set(route.stack.map((handler) => handler.name))].join(' '),
  );
  expect(order).toMatchInlineSnapshot(`
    [
      "assignRequestId",
      "setSecurityHeaders",
      "logRequest",
      "countRequest",
      "observeRequest",
      "addServerTiming",
      "traceRequest",
      "triggerStartupReport",
      "/health rejectOtherMethods handleHealth",
      "/ready rejectOtherMethods handleReady",
      "/api/admin/users rejectOtherMethods rejectOtherPages handleAdmin",
      "/api/admin/users/:id rejectOtherMethods rejectOtherPages handleAdmin",
      "/api/admin/users/:id/story rejectOtherMethods rejectOtherPages handleAdmin",
      "/api/admin/explain rejectOtherMethods rejectOtherPages handleAdmin",
      "/api/admin/events rejectOtherMethods rejectOtherPages handleAdmin",
      "/api/admin/counts rejectOtherMethods rejectOtherPages handleAdmin",
      "/api/admin/failing-checks rejectOtherMethods rejectOtherPages handleAdmin",
      "/api/admin/users/:id/sign-out rejectOtherMethods rejectOtherPages readBody rejectOtherTypes handleAdmin",
      "/api/admin/users/:id/lock rejectOtherMethods rejectOtherPages readBody rejectOtherTypes handleAdmin",
      "/api/admin/users/:id/unlock rejectOtherMethods rejectOtherPages readBody rejectOtherTypes handleAdmin",
      "/api/admin/users/:id/lift-limits rejectOtherMethods rejectOtherPages readBody rejectOtherTypes handleAdmin",
      "/api/admin/users/:id/set-password rejectOtherMethods rejectOtherPages readBody rejectOtherTypes handleAdmin",
      "/api/admin/users/:id/mail-password-reset rejectOtherMethods rejectOtherPages readBody rejectOtherTypes handleAdmin",
      "/api/admin/users/:id/remove-factors rejectOtherMethods rejectOtherPages readBody rejectOtherTypes handleAdmin",
      "/api/admin/users/:id/verify-email rejectOtherMethods rejectOtherPages readBody rejectOtherTypes handleAdmin",
      "/api/admin/users/:id/delete rejectOtherMethods rejectOtherPages readBody rejectOtherTypes handleAdmin",
      "/api/admin/users/:id/impersonate rejectOtherMethods rejectOtherPages readBody rejectOtherTypes handleAdmin",
      "/api/admin/users/:id/export rejectOtherMethods rejectOtherPages readBody rejectOtherTypes handleAdmin",
      "/api/admin/stop-impersonating rejectOtherMethods rejectOtherPages readBody rejectOtherTypes handleStop",
      "/console rejectOtherMethods rejectSubrequests handleConsole",
      "/console/checks rejectOtherMethods rejectSubrequests handleConsoleChecks",
      "/console/users/:id rejectOtherMethods rejectSubrequests handleConsoleUser",
      "/console/users/:id/:action rejectOtherMethods rejectOtherPages readBody rejectOtherTypes handleConsoleAction",
      "/api/cron/mail rejectOtherMethods checkCronSecret handleCron",
      "/confirm rejectOtherMethods recordOpenedLink handleConfirmPage",
      "/diagnostics rejectOtherMethods requireToken handleDiagnostics",
      "/metrics rejectOtherMethods requireToken handleMetrics",
      "corsMiddleware",
      "detectFromRequest",
      "passWaitForResponse",
      "addCookiesToLog",
      "/api/auth/redirect/start rejectOtherMethods startRedirect",
      "/api/auth/callback/:provider rejectOtherMethods readBody rejectOtherTypes handleCallback",
      "/session rejectOtherMethods handleSession",
      "/api/auth/features rejectOtherMethods handleFeatures",
      "/api/auth/*endpoint rejectOtherMethods rejectOtherOrigins readBody rejectOtherTypes validateRequest handleAuth",
      "handleNotFound",
      "handleError",
    ]
  `);
  await database.close();
});
