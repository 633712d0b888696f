/** A clock difference is reported at start, in /diagnostics and so by the doctor, with both times. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const token = 'Vt3kQ0aZs9LmXw2yBn7cRf5dHj8gPe4u';
let testDatabase: TestDatabase;
let service: TestService;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(() => service.stop());
afterAll(() => testDatabase.drop());

interface StartupLine {
  readonly findings: { code: string; level: string; message: string }[];
  readonly database: { clockAheadMs: number };
}

async function startWithClock(aheadMs: number): Promise<StartupLine> {
  service = await startTestService({
    testDatabase,
    env: { DIAGNOSTICS_TOKEN: token },
    now: () => new Date(Date.now() + aheadMs),
  });
  await service.logStartupReport();
  return (await service.logLine(({ msg }) => msg === 'startup')) as unknown as StartupLine;
}

const ofClock = ({ findings }: StartupLine) =>
  findings.filter(({ code }) => code === 'CLOCK_DIFFERS');

test.each([0, 1_000, -1_000])(
  'a difference of %d ms, explained by network and load, is not reported',
  async (ahead) => {
    expect(ofClock(await startWithClock(ahead))).toEqual([]);
  },
);

test.each([
  ['a minute ahead', 60_000, 'warn', 'behind'],
  ['a minute behind', -60_000, 'warn', 'ahead of'],
  ['8 days ahead', 8 * 86_400_000, 'error', 'behind'],
  ['8 days behind', -8 * 86_400_000, 'error', 'ahead of'],
])('a clock that is %s is reported with both times', async (_, ahead, level, way) => {
  const startup = await startWithClock(ahead);
  const [finding, ...more] = ofClock(startup);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ level, variable: 'DATABASE_URL' });
  expect(finding?.message).toContain(` s ${way} it`);
  expect(finding?.message.match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g)).toHaveLength(2);
  expect(startup.database.clockAheadMs).toBeLessThan(-ahead + 5_000);
  expect(startup.database.clockAheadMs).toBeGreaterThan(-ahead - 5_000);
  const diagnostics = await new Visitor(service).ask('/diagnostics', {
    headers: { 'x-diagnostics-token': token },
  });
  expect(diagnostics.json).toMatchObject({
    startup: {
      findings: expect.arrayContaining([
        expect.objectContaining({ code: 'CLOCK_DIFFERS' }),
      ]) as object,
    },
  });
});

test('a slow database response is not reported as a clock difference', async () => {
  // The round trip can explain it: the service's clock does not advance during the query.
  const stopped = new Date();
  service = await startTestService({ testDatabase, now: () => stopped });
  await service.logStartupReport();
  const startup = (await service.logLine(({ msg }) => msg === 'startup')) as unknown as StartupLine;
  expect(ofClock(startup)).toEqual([]);
});
