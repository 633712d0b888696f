/** A suspended PostgreSQL (`kill -STOP`): the kernel accepts connections, but nothing responds. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateDatabase } from '../../src/db/migrate.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/dev/embedded-postgres.js';
import { resumePostgres, suspendPostgres } from '../support/postgres-processes.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { expectUnavailable } from '../support/unavailable.js';
import { Visitor } from '../support/visitor.js';

let folder: string;
let postgres: EmbeddedPostgres;
let service: TestService;
let suspended: readonly number[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auth-service-stopped-'));
  postgres = await startEmbeddedPostgres({ dataDirectory: folder, settings: { fsync: 'off' } });
  await migrateDatabase({ url: postgres.url, onProgress: () => undefined });
  service = await startTestService({
    testDatabase: { url: postgres.url } as never, // only the service uses it
    databaseTimeouts: { connectTimeoutMs: 1_500, queryTimeoutMs: 1_000 },
  });
}, 60_000);
afterAll(async () => {
  resumePostgres(suspended);
  await service.stop();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

test('a suspended server is reported as unresponsive, and /ready responds in time', async () => {
  const visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  await service.logStartupReport();
  await sleep(1_100); // the result of /ready is cached for a second
  expect((await visitor.ask('/session')).status).toBe(200); // one connection that is not pinged
  suspended = suspendPostgres(folder);

  const causes = async () => {
    const startedAt = performance.now();
    const ready = visitor.ask('/ready').then((answer) => {
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      return answer;
    });
    const others = [visitor.ask('/session'), visitor.ask('/api/auth/list-sessions')];
    const answers = await Promise.all([ready, ...others, visitor.signIn()]);
    for (const answer of answers.slice(1)) expectUnavailable(answer);
    expect(answers[0].json).toMatchObject({ checks: { database: 'unavailable' } });
    const ids = answers.map(({ headers }) => headers.get('x-request-id'));
    const lines = ids.map((id) =>
      service.logLine(({ msg, requestId }) => msg === 'request' && requestId === id),
    );
    return (await Promise.all(lines)).map(({ cause }) => cause);
  };
  // Statements that were already running and requests that time out only know that no response came.
  for (const cause of await causes()) {
    expect(['DATABASE_SLOW', 'DATABASE_NOT_ANSWERING']).toContain(cause);
  }
  expect((await causes()).slice(1)).toEqual(Array<string>(3).fill('DATABASE_NOT_ANSWERING'));

  resumePostgres(suspended);
  suspended = [];
  await expect
    .poll(async () => (await visitor.ask('/session')).status, { timeout: 20_000 })
    .toBe(200);
}, 60_000);
