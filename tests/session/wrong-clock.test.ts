/** What is left of a session is counted by the database's clock, also where a cookie is reissued or the session extended. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useShiftedClock } from '../support/shifted-clock.js';
import { startTestService, testSecret, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const day = 86_400_000;
const shiftClock = useShiftedClock();
let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

test.each([8 * day, -8 * day])(
  'after a jump by %d ms a cookie is reissued for what is left of its session, which is extended when that is due',
  async (ahead) => {
    shiftClock(0);
    const visitor = new Visitor(service);
    await visitor.signUp();
    const age = (hours: number) =>
      service.database.query(
        `update session set expires_at = expires_at - make_interval(hours => $2)
         where user_id = (select id from "user" where email = $1)`,
        [visitor.email, hours],
      );
    const left = async () => {
      const [row] = await service.database.query<{ days: number }>(
        `select extract(epoch from expires_at - now())::float8 / 86400 as days from session
         where user_id = (select id from "user" where email = $1)`,
        [visitor.email],
      );
      return row?.days;
    };
    await age(12);
    const rotated = await startTestService({
      testDatabase: service.database,
      env: {
        BETTER_AUTH_SECRET: undefined,
        BETTER_AUTH_SECRETS: `2:another-secret-that-is-long-enough-9876543210,1:${testSecret}`,
      },
    });
    try {
      shiftClock(ahead);
      const moved = new Visitor(rotated);
      for (const [name, value] of visitor.cookies) moved.cookies.set(name, value);
      const reissued = await moved.ask('/api/auth/list-accounts');
      const maxAge = /session_token=.*Max-Age=(\d+)/.exec(reissued.setCookies.join('\n'))?.[1];
      expect(Number(maxAge ?? NaN) / 86_400).toBeCloseTo(6.5, 1);
      await age(48);
      await moved.getSession();
      expect(await left()).toBeCloseTo(7, 1);
    } finally {
      await rotated.stop();
    }
  },
);

test.each([8 * day, -8 * day])(
  'with a clock that is %d ms ahead, a proof has the time of the database, and is fresh here for ten minutes',
  async (ahead) => {
    shiftClock(ahead);
    const visitor = new Visitor(service);
    expect((await visitor.signUp()).status).toBe(200);
    const where = `where user_id = (select id from "user" where email = $1)`;
    const ageSeconds = async () => {
      const [row] = await service.database.query<{ seconds: number }>(
        `select extract(epoch from now() - proven_at)::float8 as seconds from session ${where}`,
        [visitor.email],
      );
      return row?.seconds;
    };
    const deletion = async () =>
      (await visitor.ask('/api/auth/delete-user', { body: {} })).json?.code;
    expect(await ageSeconds()).toBeCloseTo(0, -1);
    await service.database.query(
      `update session set proven_at = proven_at - interval '11 minutes' ${where}`,
      [visitor.email],
    );
    expect(await deletion()).toBe('SESSION_NOT_FRESH');
    const stepUp = { body: { password: visitor.password } };
    expect((await visitor.ask('/api/auth/step-up', stepUp)).status).toBe(200);
    expect(await ageSeconds()).toBeCloseTo(0, -1);
    expect(await deletion()).not.toBe('SESSION_NOT_FRESH');
  },
);
