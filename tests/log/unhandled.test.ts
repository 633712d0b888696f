/** Unhandled errors are logged like all others: without the values in them. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spawnSource, type Spawned } from '../support/spawned.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testEnvironment } from '../support/test-service.js';

const secret = 'vkx4PFwQE2xeCVeRJRbSicu5JHkafRcB';

/**
 * Runs in the server and fails on a signal, as a library might. The secret is encoded because the stack shows this
 * code.
 */
const sabotage = `
  const secret = atob('${btoa(secret)}');
  const error = () => Object.assign(new Error('Failed query, params: ' + secret),
    { query: 'select $1', params: [secret] });
  process.on('SIGUSR1', () => void Promise.reject(error()));
  process.on('SIGUSR2', () => { throw error(); });`;

let database: TestDatabase;
let server: Spawned;
beforeEach(async () => {
  database = await createTestDatabase();
  server = spawnSource('server.ts', {
    ...testEnvironment,
    DATABASE_URL: database.url,
    PORT: '0',
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(sabotage)}`,
  });
  await server.printed('"startup"');
});
afterEach(async () => {
  server.signal('SIGKILL');
  await server.exit;
  await database.drop();
});

test('an unhandled rejection is logged, and the server keeps running', async () => {
  server.signal('SIGUSR1');
  await server.printed('unhandled promise rejection');
  server.signal('SIGTERM');
  expect(await server.exit).toBe(0);
  expect(server.stdout() + server.stderr()).not.toContain(secret);
});

test('an uncaught exception is logged, and the server exits with 1', async () => {
  server.signal('SIGUSR2');
  expect(await server.exit).toBe(1);
  expect(server.stdout()).toContain('"level":"fatal"');
  expect(server.stdout() + server.stderr()).not.toContain(secret);
});
