/** Step-up under attack and in races: guesses are limited, and what ended or changed meanwhile is not raised. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signInElsewhere } from '../support/other-browser.js';
import { beginSignIn, enrol, verifyTotp } from '../support/second-factor.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';
import { whileUserLocked } from '../support/while-user-locked.js';

const path = '/api/auth/step-up';

let service: TestService;
let visitor: Visitor;
beforeAll(async () => {
  service = await startTestService({
    env: { SECOND_FACTOR: 'optional', RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/10s' },
  });
});
afterAll(() => service.stop());
beforeEach(async () => {
  visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
});

const stepUp = (browser: Visitor, body: object) => browser.ask(path, { body });

const sessionOf = async (browser: Visitor) =>
  (await browser.ask('/session')).json?.session as Record<string, unknown> | undefined;

describe('guesses', () => {
  test('of thirty wrong passwords three are verified', async () => {
    const statuses = [];
    for (let at = 0; at < 30; at += 1) {
      statuses.push((await stepUp(visitor, { password: 'a guess at it' })).status);
    }
    expect(statuses).toEqual([400, 400, 400, ...Array<number>(27).fill(429)]);
    const limited = await stepUp(visitor, { password: visitor.password });
    expect(limited.json).toMatchObject({ code: 'TOO_MANY_REQUESTS', reason: 'limit_account' });
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('of thirty wrong codes three are verified, with all sessions of the account together', async () => {
    const elsewhere = await signInElsewhere(service, visitor);
    await enrol(service, visitor);
    // Copies of the session cookies, without the one of a browser that signed in before: it has a limit of its own.
    for (const { cookies } of [visitor, elsewhere])
      for (const name of cookies.keys()) if (name.includes('known_device')) cookies.delete(name);
    const cookie = visitor.cookieHeader;
    const guess = async (_: unknown, at: number) => {
      const body = at % 3 === 0 ? { backupCode: 'aaaa-aaaa-aa' } : { totp: '000000' };
      return (await stepUp(at % 2 === 0 ? visitor : elsewhere, body)).status;
    };
    for (let at = 0; at < 3; at += 1) expect(await guess(undefined, at)).toBe(400);
    // At once, because on a busy machine 27 in turn can outlast the pause of ten seconds.
    expect(await Promise.all(Array.from({ length: 27 }, guess))).toEqual(Array(27).fill(429));
    expect(visitor.cookieHeader).toBe(cookie);
    expect(await sessionOf(elsewhere)).toMatchObject({ aal: 1 });
  });
});

describe('at the same time', () => {
  test('of two proofs one raises the session, and the other finds its token replaced', async () => {
    const cookie = visitor.cookieHeader;
    const browsers = [new Visitor(service), new Visitor(service)];
    const answers = await Promise.all(
      browsers.map((browser) =>
        browser.ask(path, { body: { password: visitor.password }, headers: { cookie } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
    const winner = browsers.find((_browser, at) => answers[at]?.status === 200);
    expect(winner && (await sessionOf(winner))).toMatchObject({ aal: 1 });
    expect(answers.find(({ status }) => status === 401)?.setCookies).toEqual([]);
  });

  test('a session that was revoked meanwhile is not raised', async () => {
    const answer = await whileUserLocked(
      service,
      visitor,
      'delete from session where user_id = $1',
      () => stepUp(visitor, { password: visitor.password }),
    );
    expect([answer.status, answer.json?.reason]).toEqual([401, 'session_not_found']);
    expect(answer.setCookies).toEqual([]);
  });

  test('a code is not used up by a session that was revoked meanwhile', async () => {
    const app = await enrol(service, visitor);
    const answer = await whileUserLocked(
      service,
      visitor,
      'delete from session where user_id = $1',
      () => stepUp(visitor, { totp: app.code() }),
    );
    expect(answer.status).toBe(401);
    const browser = new Visitor(service);
    await beginSignIn(browser, visitor);
    expect((await verifyTotp(browser, app.code())).status).toBe(200);
  });

  test('a password that was changed meanwhile raises nothing', async () => {
    const answer = await whileUserLocked(
      service,
      visitor,
      'update account set password = null where user_id = $1',
      () => stepUp(visitor, { password: visitor.password }),
    );
    expect(answer.status).toBe(400);
    expect(answer.setCookies).toEqual([]);
  });
});
