/** The bundle of `npm start`: traces and metrics leave it, at the latest when it stops. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer } from '../../support/child-process.js';
import { startOtlpReceiver, type OtlpReceiver } from '../../support/otlp-receiver.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { testEnvironment } from '../../support/test-service.js';

const timeout = 180_000;

let testDatabase: TestDatabase;
let receiver: OtlpReceiver;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  receiver = await startOtlpReceiver();
});
afterAll(async () => {
  await receiver.stop();
  await testDatabase.drop();
});

async function start() {
  const server = startServer({
    ...testEnvironment,
    DATABASE_URL: testDatabase.url,
    PORT: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  });
  const { port } = await server.logLine(({ msg }) => msg === 'listening');
  return { ...server, url: `http://127.0.0.1:${String(port)}` };
}

test('the last spans and the metrics are sent before the process stops', { timeout }, async () => {
  const server = await start();
  const response = await fetch(`${server.url}/session`, {
    headers: { 'x-request-id': 'last' },
  });
  expect(response.status).toBe(401);
  await response.text();
  expect(await server.stop()).toBe(0);
  const ids = receiver.spans.map(({ attributes }) => attributes['auth.request_id']);
  expect(ids).toContain('last');
  expect(receiver.metrics.map(({ name }) => name)).toContain('auth_session_checks_total');
});

test('a receiver that hangs delays the stop by a second', { timeout }, async () => {
  receiver.misbehave(() => undefined);
  const server = await start();
  await (await fetch(`${server.url}/session`)).text();
  const stoppedAt = performance.now();
  expect(await server.stop()).toBe(0);
  expect(performance.now() - stoppedAt).toBeLessThan(10_000);
});
