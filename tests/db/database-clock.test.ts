/** Sessions end by the database's clock, whatever this process's clock shows. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabaseClock } from '../../src/db/database-clock.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const day = 86_400_000;
let aheadMs = 0;
let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    now: () => new Date(Date.now() + aheadMs),
    readDatabaseTime: () => Promise.resolve(new Date()),
  });
});
afterAll(() => service.stop());

test.each([8 * day, -8 * day])(
  'a clock that jumps by %d ms ends no session, and is logged',
  async (jump) => {
    aheadMs = 0;
    const visitor = new Visitor(service);
    expect((await visitor.signUp()).status).toBe(200);
    aheadMs = jump;
    expect((await visitor.ask('/session')).headers.get('x-session-reason')).toBe('valid');
    const line = await service.logLine(
      ({ code, aheadMs: found }) => code === 'CLOCK_DIFFERS' && Number(found) * jump > 0,
    );
    expect(line).toMatchObject({ level: 'warn', variable: 'DATABASE_URL' });
    expect(Math.abs(Number(line.aheadMs) - jump)).toBeLessThan(5_000);
    expect(line.fix).toContain('NTP');
  },
);

test('a session that has ended by the database’s clock is over, also where this clock is behind', async () => {
  aheadMs = 0;
  const visitor = new Visitor(service);
  await visitor.signUp();
  await service.database.query(
    `update session set expires_at = now() - interval '1 day'
     where user_id = (select id from "user" where email = $1)`,
    [visitor.email],
  );
  aheadMs = -8 * day;
  const answer = await visitor.ask('/session');
  expect(answer.status).toBe(401);
  expect(answer.headers.get('x-session-reason')).toBe('session_idle');
});

test('the clocks are compared once, and again only after a jump; concurrent callers share it', async () => {
  let ahead = 60_000;
  let asked = 0;
  const warned: unknown[] = [];
  const clock = createDatabaseClock({
    now: () => new Date(Date.now() + ahead),
    readTime: () => {
      asked += 1;
      return Promise.resolve(new Date());
    },
    logger: { warn: (fields: object) => void warned.push(fields) } as never,
  });
  expect(clock.aheadMs()).toBe(0); // not compared yet
  expect(await Promise.all([clock.compare(), clock.compare()])).toEqual([
    expect.closeTo(60_000, -3) as number,
    expect.closeTo(60_000, -3) as number,
  ]);
  expect(clock.aheadMs()).toBeCloseTo(60_000, -3);
  expect(asked).toBe(1);
  ahead = 0;
  expect(await clock.aheadMs()).toBe(0);
  expect(clock.aheadMs()).toBe(0);
  expect(asked).toBe(2);
  expect(warned).toHaveLength(1);
  clock.observe(4_000, 0); // explained by load
  expect(clock.aheadMs()).toBe(0);
});
