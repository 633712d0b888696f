import { afterEach, expect, test } from 'vitest';
import { connectOnce } from '../../src/db/client.js';
import type { FaultyNetwork } from '../support/faulty-network.js';
import type { TestDatabase } from '../support/test-database.js';
import {
  startTestService,
  type TestService,
  type TestServiceOptions,
} from '../support/test-service.js';
import { useFaultyDatabase } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
let network: FaultyNetwork;
let service: TestService;
useFaultyDatabase((started) => ({ testDatabase, network } = started), 'test');
afterEach(() => service.stop());

async function start(options: TestServiceOptions = {}): Promise<void> {
  const env = { DATABASE_URL: network.url, ...options.env };
  service = await startTestService({ ...options, testDatabase, env });
}

const startupLines = () => service.logLines().filter(({ msg }) => msg === 'startup');

test('no log line and no query before the first request', async () => {
  await start();
  // Waits as long as a query of the service would take: an earlier one would have arrived by the third.
  for (let attempt = 0; attempt < 3; attempt += 1) await (await connectOnce(network.url)).end();
  const [clients] = await testDatabase.query<{ count: string }>(
    "select count(*) from pg_stat_activity where application_name = 'auth-service' and datname = $1",
    [testDatabase.name],
  );
  expect(clients?.count).toBe('0');
  expect(service.logText()).toBe('');
});

test('twenty concurrent first requests and the server’s own call log it once', async () => {
  await start();
  const visitor = new Visitor(service);
  const requests = Array.from({ length: 20 }, () => visitor.ask('/health'));
  await Promise.all([service.logStartupReport(), ...requests, service.logStartupReport()]);
  await visitor.ask('/health');
  await service.logStartupReport();
  expect(startupLines()).toHaveLength(1);
  expect(startupLines()[0]).toMatchObject({ level: 'info', database: { status: 'ready' } });
});

test('only the first request logs it, and waitUntil keeps the process running until then', async () => {
  const awake: Promise<unknown>[] = [];
  await start({ waitUntil: (work) => void awake.push(work) });
  await new Visitor(service).ask('/health');
  await new Visitor(service).ask('/health');
  expect(awake).toHaveLength(1);
  await awake[0];
  expect(startupLines()).toHaveLength(1);
});

test('an unresponsive database delays no response; the report then says that it is unavailable', async () => {
  await start({ databaseTimeouts: { connectTimeoutMs: 5_000, queryTimeoutMs: 5_000 } });
  network.freeze();
  const { status } = await new Visitor(service).ask('/health');
  expect(status).toBe(200);
  expect(startupLines()).toEqual([]);
  await service.logStartupReport();
  expect(startupLines()[0]).toMatchObject({
    database: {
      name: testDatabase.name,
      status: 'unavailable',
      error: expect.anything() as object,
    },
    findings: expect.arrayContaining([
      expect.objectContaining({ level: 'error', code: 'DATABASE_NOT_ANSWERING' }),
    ]) as object[],
  });
  expect(service.logLines()).toContainEqual(
    expect.objectContaining({ level: 'error', code: 'DATABASE_NOT_ANSWERING' }),
  );
});

test('a database that is down is reported, and the service continues', async () => {
  await start();
  await network.goDown();
  await expect(service.logStartupReport()).resolves.toBeUndefined();
  expect(startupLines()[0]).toMatchObject({ database: { status: 'unavailable' } });
  expect((await new Visitor(service).ask('/health')).status).toBe(200);
});

test.each(['%zz', '%ff', ''])(
  'a database named %j, which cannot be read, breaks nothing',
  async (name) => {
    const env = { DATABASE_URL: `postgresql://user:word@127.0.0.1:1/${name}` };
    await start({ env });
    await expect(service.logStartupReport()).resolves.toBeUndefined();
    expect(startupLines()[0]).toMatchObject({ database: { name, status: 'unavailable' } });
  },
);
