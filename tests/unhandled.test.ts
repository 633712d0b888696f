/** What nobody caught reaches the log as every other error does: without the values in it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spawnSource, type Spawned } from './support/spawned.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';
import { testEnvironment } from './support/test-service.js';

const secret = 'vkx4PFwQE2xeCVeRJRbSicu5JHkafRcB';

/** Runs in the server: what a library may do to it, at our signal. Its own text, with the secret hidden, is in the stack. */
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

test('a rejection that nobody awaits is told, and the server goes on', async () => {
  server.signal('SIGUSR1');
  await server.printed('nobody listened');
  server.signal('SIGTERM');
  expect(await server.exit).toBe(0);
  expect(server.stdout() + server.stderr()).not.toContain(secret);
});

test('an exception that nobody catches is told, and ends the server with 1', async () => {
  server.signal('SIGUSR2');
  expect(await server.exit).toBe(1);
  expect(server.stdout()).toContain('"level":"fatal"');
  expect(server.stdout() + server.stderr()).not.toContain(secret);
});
