import { expect, test } from 'vitest';
import { createFaultyNetwork } from '../support/faulty-network.js';
import { createTestDatabase } from '../support/test-database.js';
import { startTestService, type TestServiceOptions } from '../support/test-service.js';
import { expectAllUnavailable } from '../support/unavailable.js';
import { Visitor } from '../support/visitor.js';

const shortMs = 500;
const endlessMs = 600_000;
/** Allows for a busy machine; an unbounded wait exceeds the test's timeout. */
const longestMs = 60_000;

const bounds: [what: string, options: TestServiceOptions][] = [
  [
    'the deadline of the request',
    {
      deadlineMs: shortMs,
      databaseTimeouts: { connectTimeoutMs: endlessMs, queryTimeoutMs: endlessMs },
    },
  ],
  [
    'the timeouts of the database',
    {
      deadlineMs: endlessMs,
      databaseTimeouts: { connectTimeoutMs: shortMs, queryTimeoutMs: shortMs },
    },
  ],
];

test.each(bounds)(
  '%s on its own bounds every wait for a frozen database',
  async (_what, options) => {
    const testDatabase = await createTestDatabase();
    const network = await createFaultyNetwork(testDatabase.url);
    const env = { DATABASE_URL: network.url };
    const service = await startTestService({ ...options, testDatabase, env });
    // Signs up through a service with default timeouts: a busy machine may need more than the short bound.
    const patient = await startTestService({ testDatabase });
    const newUser = new Visitor(patient);
    expect((await newUser.signUp()).status).toBe(200);
    await patient.stop();
    const visitor = new Visitor(service);
    for (const [name, value] of newUser.cookies) visitor.cookies.set(name, value);
    network.freeze();
    expect(await expectAllUnavailable(visitor)).toBeLessThan(longestMs);
    const startedAt = performance.now();
    expect((await visitor.ask('/ready')).json).toMatchObject({
      checks: { database: 'unavailable' },
    });
    expect(performance.now() - startedAt).toBeLessThan(longestMs);
    expect((await visitor.ask('/health')).status).toBe(200);
    await network.heal();
    await service.stop();
    await network.close();
    await testDatabase.drop();
  },
);
