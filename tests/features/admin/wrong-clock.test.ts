/** Sessions begin and end by the database's clock, also where an operator begins, ends or lists them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createUsers } from '../../../src/operator/users.js';
import { explain } from '../../support/explain.js';
import { adminEnv, OperatorBrowser } from '../../support/operators.js';
import { useShiftedClock } from '../../support/shifted-clock.js';
import { startTestService, type TestService } from '../../support/test-service.js';

const day = 86_400_000;
const shiftClock = useShiftedClock();
let service: TestService;
beforeAll(async () => {
  service = await startTestService({ env: { ...adminEnv, ADMIN_IMPERSONATION: 'on' } });
});
afterAll(() => service.stop());

describe.each([8 * day, -8 * day])('with a clock that is %d ms ahead', (ahead) => {
  let operator: OperatorBrowser;
  let visitor: OperatorBrowser;
  let id: string;
  beforeEach(async () => {
    shiftClock(0);
    operator = await new OperatorBrowser(service).become({ role: 'admin', aal: 2 });
    visitor = new OperatorBrowser(service);
    await visitor.signUp();
    id = await visitor.userId();
    shiftClock(ahead);
  });

  const listed = async () => {
    const { json } = await operator.admin(`/users/${id}`);
    const found = await createUsers(service.orm, 30 * 86_400).find(visitor.email);
    const story = await explain(service, { id });
    return {
      api: (json?.sessions as unknown[]).length,
      command: found?.sessions.length,
      story: story.diagnosis.code,
    };
  };

  test('the lists of operators have the sessions that are live', async () => {
    expect(await listed()).toEqual({ api: 1, command: 1, story: 'signed_in' });
    await service.database.query(
      `update session set expires_at = now() - interval '1 hour' where user_id = $1`,
      [id],
    );
    expect(await listed()).toMatchObject({ api: 0, command: 0 });
    expect((await listed()).story).not.toBe('signed_in');
  });

  test('an impersonation is live for an hour, and the way back leads to the operator', async () => {
    const begun = await operator.act(id, 'impersonate', { reason: 'ticket 4711' });
    expect(begun.status).toBe(200);
    const [row] = await service.database.query<{ age: number; left: number; expires_at: Date }>(
      `select extract(epoch from now() - created_at)::float8 as age,
         extract(epoch from expires_at - now())::float8 as left, expires_at
       from session where user_id = $1 and impersonated_by is not null`,
      [id],
    );
    expect(row?.age).toBeLessThan(60);
    expect(row?.left).toBeGreaterThan(3_540);
    expect(row?.left).toBeLessThanOrEqual(3_600);
    expect(begun.json?.expiresAt).toBe(row?.expires_at.toJSON());
    expect((await operator.ask('/session')).json).toMatchObject({ user: { id } });
    expect((await operator.getSession()).json).toMatchObject({ user: { id } });
    const back = await operator.admin('/stop-impersonating', { body: {} });
    expect(back.json).toEqual({ restored: true });
    const [cookie] = back.setCookies.filter((one) => /session_token=[^;]/.test(one));
    expect(Number(/Max-Age=(\d+)/.exec(cookie ?? '')?.[1])).toBeGreaterThan(6 * 86_400);
  });

  test.each(['sign-out', 'the operator'])(
    'a session that %s ends is recorded with the reason and the time of the database',
    async (who) => {
      if (who === 'sign-out') expect((await visitor.signOut()).status).toBe(200);
      else expect((await operator.act(id, 'sign-out')).json).toEqual({ sessionsEnded: 1 });
      const [row] = await service.database.query<{ reason: string; ago: number; kept: number }>(
        `select reason, extract(epoch from now() - ended_at)::float8 as ago,
           extract(epoch from expires_at - now())::float8 as kept
         from ended_session order by ended_at desc limit 1`,
      );
      const reason = who === 'sign-out' ? 'session_signed_out' : 'session_ended_by_operator';
      expect(row?.reason).toBe(reason);
      expect(Math.abs(row?.ago ?? Infinity)).toBeLessThan(60);
      expect(row?.kept).toBeGreaterThan(6.9 * 86_400);
    },
  );
});
