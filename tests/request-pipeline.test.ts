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

test('every middleware and route stands where it is expected', async () => {
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
      "addServerTiming",
      "logStartupReport",
      "/health refuseOtherMethods answerHealth",
      "/ready refuseOtherMethods answerReady",
      "/diagnostics refuseOtherMethods requireToken handleDiagnostics",
      "/metrics refuseOtherMethods requireToken handleMetrics",
      "corsMiddleware",
      "findInRequest",
      "offerRequest",
      "addCookiesToLog",
      "/session refuseOtherMethods handleSession",
      "/api/auth/*endpoint refuseOtherMethods refuseOtherOrigins readBody refuseOtherTypes checkInput answerAuth",
      "answerNotFound",
      "answerError",
    ]
  `);
  await database.close();
});
