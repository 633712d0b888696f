/** Codes of an authenticator app as the second factor of a sign-in. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  beginSignIn,
  enrol,
  steadyStep,
  verifyTotp,
  type App,
} from '../../support/second-factor.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

let service: TestService;
let visitor: Visitor;
beforeAll(async () => {
  service = await startTestService({
    env: {
      SECOND_FACTOR: 'optional',
      BEARER_TOKENS: 'on',
      // limits.test.ts has the default limits.
      LIMIT_PAUSE: '50/1s/1s',
      RATE_LIMIT_SIGN_IN_PER_ACCOUNT: '100/1m',
    },
  });
});
afterAll(() => service.stop());
beforeEach(async () => {
  visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
});

const sessionOf = async (browser: Visitor) => (await browser.ask('/session')).json;

async function signInElsewhere(): Promise<Visitor> {
  const browser = new Visitor(service);
  expect((await beginSignIn(browser, visitor)).status).toBe(200);
  return browser;
}

describe('setting it up', () => {
  test('a secret counts once its first code confirms it, and raises the session to level 2', async () => {
    const begun = await visitor.ask('/api/auth/two-factor/enable', { body: {} });
    expect(begun.json?.backupCodes).toHaveLength(10);
    expect(begun.json?.qrCode).toMatch(/^<svg /);
    const issuer = new URL(String(begun.json?.totpURI)).searchParams.get('issuer');
    expect(issuer).toBe('localhost');
    expect((await beginSignIn(new Visitor(service), visitor)).json).toHaveProperty('user');
    const before = visitor.cookieHeader;
    const { app } = { app: await enrol(service, visitor) };
    expect(app.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(visitor.cookieHeader).not.toBe(before);
    expect(await sessionOf(visitor)).toMatchObject({
      session: { aal: 2, methods: [{ method: 'password' }, { method: 'totp' }] },
    });
    const status = await visitor.ask('/api/auth/two-factor/status');
    expect(status.json).toEqual({ enabled: true, backupCodesLeft: 10, required: false });
  });

  test('a wrong first code confirms nothing', async () => {
    const begun = await visitor.ask('/api/auth/two-factor/enable', { body: {} });
    expect(begun.status).toBe(200);
    expect((await verifyTotp(visitor, '000000')).json?.code).toMatch(/TOTP_(WRONG|CLOCK_DIFFERS)/);
    expect((await beginSignIn(new Visitor(service), visitor)).json).toHaveProperty('user');
  });

  test('a session with an old proof needs the password, and a wrong one is refused', async () => {
    await service.database.query(
      `update session set proven_at = now() - interval '11 minutes' from "user" u
       where u.id = user_id and email = $1`,
      [visitor.email],
    );
    const enable = (body: object) => visitor.ask('/api/auth/two-factor/enable', { body });
    expect((await enable({})).json?.code).toBe('SESSION_NOT_FRESH');
    expect((await enable({ password: 'wrong-password' })).json?.code).toBe('INVALID_PASSWORD');
    expect((await enable({ password: visitor.password })).status).toBe(200);
  });

  test('without a session it is refused with the reason', async () => {
    const answer = await new Visitor(service).ask('/api/auth/two-factor/enable', { body: {} });
    expect([answer.status, answer.json?.reason]).toEqual([401, 'no_credential']);
  });

  test('the secret is stored encrypted and is in no log line, nor are codes', async () => {
    const app = await enrol(service, visitor);
    const rows = await service.database.query('select * from totp_secret');
    expect(JSON.stringify(rows)).not.toContain(app.secret);
    const codes = JSON.stringify(await service.database.query('select * from backup_code'));
    for (const code of app.backupCodes) {
      expect(codes).not.toContain(code);
      expect(service.logText()).not.toContain(code);
    }
    expect(service.logText()).not.toContain(app.secret);
  });
});

describe('signing in', () => {
  let app: App;
  beforeEach(async () => {
    await steadyStep();
    app = await enrol(service, visitor);
  });

  test('the password does not sign in: the response names the second factors and nothing of the user', async () => {
    const browser = new Visitor(service);
    const answer = await beginSignIn(browser, visitor);
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      twoFactorRedirect: true,
      twoFactorMethods: ['totp', 'backup_code'],
      secondFactor: 'verify',
    });
    const check = await browser.ask('/session');
    expect([check.status, check.json?.reason]).toEqual([401, 'second_factor_required']);
    const line = await service.logLine(({ outcome }) => outcome === 'second_factor_due');
    expect(line.userId).toMatch(/^\w{32}$/);
  });

  test('the code completes the sign-in under a new token, as a sign-in answers', async () => {
    const browser = await signInElsewhere();
    const pending = browser.cookieHeader;
    const answer = await verifyTotp(browser, app.code());
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      token: expect.stringMatching(/^\w{32}$/) as string,
      user: { email: visitor.email, twoFactorEnabled: true },
    });
    expect(answer.headers.get('set-auth-token')).toBeTruthy();
    expect(await sessionOf(browser)).toMatchObject({
      session: { aal: 2, methods: [{ method: 'password' }, { method: 'totp' }] },
    });
    const replayed = await new Visitor(service).ask('/session', { headers: { cookie: pending } });
    expect(replayed.json?.reason).toBe('session_replaced');
  });

  test('a page that cannot keep cookies completes it with the bearer token', async () => {
    const answer = await beginSignIn(new Visitor(service), visitor);
    const authorization = `Bearer ${answer.headers.get('set-auth-token') ?? ''}`;
    const completed = await new Visitor(service).ask('/api/auth/two-factor/verify-totp', {
      body: { code: app.code() },
      headers: { authorization },
    });
    expect(completed.status).toBe(200);
    const token = `Bearer ${completed.headers.get('set-auth-token') ?? ''}`;
    const check = await new Visitor(service).ask('/session', { headers: { authorization: token } });
    expect(check.json).toMatchObject({ session: { aal: 2 } });
  });

  test.each([-1, 0, 1])('a code of the time step %i is accepted', async (step) => {
    const browser = await signInElsewhere();
    expect((await verifyTotp(browser, app.code(step))).status).toBe(200);
  });

  test('a code is accepted once, and no older one after it (better-auth#10387)', async () => {
    const first = await signInElsewhere();
    expect((await verifyTotp(first, app.code())).status).toBe(200);
    const second = await signInElsewhere();
    for (const step of [0, -1]) {
      const answer = await verifyTotp(second, app.code(step));
      expect([answer.status, answer.json?.reason]).toEqual([400, 'totp_replayed']);
    }
    expect((await verifyTotp(second, app.code(1))).status).toBe(200);
  });

  test('of eight concurrent requests with one code one signs in', async () => {
    const browsers = await Promise.all(Array.from({ length: 8 }, signInElsewhere));
    const code = app.code();
    const answers = await Promise.all(browsers.map((browser) => verifyTotp(browser, code)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 7 }, () => 400)]);
  });

  test.each([-3, 4])(
    'a clock that is off by %i steps is named, and accepted nowhere',
    async (step) => {
      const browser = await signInElsewhere();
      const code = app.code(step);
      const answer = await verifyTotp(browser, code);
      expect([answer.status, answer.json?.reason]).toEqual([400, 'totp_clock_differs']);
      expect(answer.json?.differenceSeconds).toBe(step * 30);
      const line = await service.logLine(({ reason }) => reason === 'totp_clock_differs');
      expect(line.hint).toContain('set the clock');
      const [row] = await service.database.query(
        'select revealed_step from totp_secret t join "user" u on u.id = user_id where email = $1',
        [visitor.email],
      );
      // A guesser knows the code of a later time now, so it is not accepted then either.
      expect(row?.revealed_step === null).toBe(step < 0);
    },
  );

  test('a code of another time, or of another user, is wrong', async () => {
    const browser = await signInElsewhere();
    for (const code of [app.code(400), '', '12345', 'abcdef', '１２３４５６', 'é'.repeat(3)]) {
      const answer = await verifyTotp(browser, code);
      expect([code, answer.status, answer.json?.reason]).toEqual([code, 400, 'totp_wrong']);
    }
    expect((await verifyTotp(browser, 'x'.repeat(100_000))).status).toBe(400);
  });

  test('a wrong code leaves the sign-in pending', async () => {
    const browser = await signInElsewhere();
    await verifyTotp(browser, '000000');
    expect((await verifyTotp(browser, app.code())).status).toBe(200);
  });

  test('after ten minutes the sign-in has to begin again', async () => {
    const browser = await signInElsewhere();
    await service.database.query(
      `update session set expires_at = now() - interval '1 second' where second_factor_due is not null`,
    );
    const answer = await verifyTotp(browser, app.code());
    expect([answer.status, answer.json?.reason]).toEqual([401, 'pending_sign_in_missing']);
  });

  test('a pending sign-in cannot set up another app, nor see or change anything', async () => {
    const browser = await signInElsewhere();
    for (const endpoint of [
      'enable',
      'disable',
      'generate-backup-codes',
      'revoke-trusted-devices',
    ]) {
      const answer = await browser.ask(`/api/auth/two-factor/${endpoint}`, {
        body: { password: visitor.password },
      });
      expect([endpoint, answer.status]).toEqual([endpoint, 401]);
    }
    for (const endpoint of ['status', 'trusted-devices']) {
      expect((await browser.ask(`/api/auth/two-factor/${endpoint}`)).status).toBe(401);
    }
  });

  test('rememberMe: false holds for the completed session', async () => {
    const browser = new Visitor(service);
    const { email, password } = visitor;
    await browser.ask('/api/auth/sign-in/email', { body: { email, password, rememberMe: false } });
    // The page checks the session meanwhile, which must not clear what the first step remembered.
    await browser.ask('/api/auth/get-session');
    const answer = await verifyTotp(browser, app.code());
    expect(answer.status).toBe(200);
    const cookie = answer.setCookies.find((line) => line.includes('session_token'));
    expect(cookie).not.toContain('Max-Age');
  });

  test('the password changes while the second factor is due: the pending sign-in has ended', async () => {
    const browser = await signInElsewhere();
    const changed = await visitor.ask('/api/auth/change-password', {
      body: { currentPassword: visitor.password, newPassword: `${visitor.password} 2` },
    });
    expect(changed.status).toBe(200);
    expect(await sessionOf(visitor)).toMatchObject({ session: { aal: 2 } });
    const answer = await verifyTotp(browser, app.code());
    expect([answer.status, answer.json?.reason]).toEqual([401, 'pending_sign_in_missing']);
  });
});
