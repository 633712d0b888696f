/** A user proves again who they are: the session's level or the time of its latest proof rises, and no other session's. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signInElsewhere } from '../support/other-browser.js';
import { beginSignIn, enrol, verifyTotp, type App } from '../support/second-factor.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const path = '/api/auth/step-up';

let service: TestService;
let visitor: Visitor;
beforeAll(async () => {
  service = await startTestService({
    env: {
      SECOND_FACTOR: 'optional',
      BEARER_TOKENS: 'on',
      RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/10s',
    },
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

/** As if the user had signed in that long ago. */
async function age(interval: string): Promise<void> {
  await service.database.query(
    `update session set proven_at = proven_at - $2::interval from "user" u
     where u.id = user_id and email = $1`,
    [visitor.email, interval],
  );
}

/** A session that has proven the password only, as on a trusted device. */
async function atLevelOne(): Promise<void> {
  await service.database.query(
    `update session set aal = 1, methods = '[]' from "user" u where u.id = user_id and email = $1`,
    [visitor.email],
  );
}

describe('what can be proven', () => {
  test('a user with a password only is offered the password', async () => {
    const answer = await visitor.ask(path);
    const { provenAt } = (await sessionOf(visitor)) ?? {};
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ methods: ['password'], aal: 1, provenAt });
  });

  test('a user with an authenticator app is offered its codes and backup codes too', async () => {
    await enrol(service, visitor);
    expect((await visitor.ask(path)).json).toMatchObject({
      methods: ['password', 'totp', 'backup_code'],
      aal: 2,
    });
  });

  test('a user without a password or a factor is offered nothing', async () => {
    await service.database.query(
      `update account set password = null from "user" u where u.id = user_id and email = $1`,
      [visitor.email],
    );
    expect((await visitor.ask(path)).json).toMatchObject({ methods: [] });
  });

  test.each([
    {},
    { password: 'a', totp: '123456' },
    { totp: '123456' },
    { passkey: {} },
    { passphrase: 'a' },
  ])('%j is refused with the methods that the account has', async (body) => {
    const answer = await stepUp(visitor, body);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      code: 'PROOF_REQUIRED',
      reason: 'proof_required',
      methods: ['password'],
    });
    expect(answer.setCookies).toEqual([]);
  });

  test('without a session: 401 with the reason, for reading and for proving', async () => {
    for (const options of [{}, { body: { password: visitor.password } }]) {
      const answer = await new Visitor(service).ask(path, options);
      expect([answer.status, answer.json?.reason]).toEqual([401, 'no_credential']);
    }
  });
});

describe('the password', () => {
  test('renews the time of the proof under a new token; the old token is dead at once', async () => {
    await age('2 hours');
    const before = visitor.cookieHeader;
    const answer = await stepUp(visitor, { password: visitor.password });
    expect(answer.status, answer.text).toBe(200);
    const session = await sessionOf(visitor);
    expect(answer.json).toEqual({
      token: expect.stringMatching(/^\w{32}$/) as string,
      session: { aal: 1, methods: session?.methods, provenAt: session?.provenAt },
    });
    expect(session?.methods).toEqual([{ method: 'password', provenAt: session?.provenAt }]);
    expect(Date.now() - Date.parse(String(session?.provenAt))).toBeLessThan(60_000);
    const old = await new Visitor(service).ask('/session', { headers: { cookie: before } });
    expect([old.status, old.json?.reason]).toEqual([401, 'session_replaced']);
  });

  test('raises no other session of the user', async () => {
    const elsewhere = await signInElsewhere(service, visitor);
    await age('2 hours');
    const before = await sessionOf(elsewhere);
    expect((await stepUp(visitor, { password: visitor.password })).status).toBe(200);
    expect(await sessionOf(elsewhere)).toEqual(before);
  });

  test('a wrong one changes nothing', async () => {
    const before = await sessionOf(visitor);
    for (const password of ['not this one', '']) {
      const answer = await stepUp(visitor, { password });
      expect([answer.status, answer.json?.code]).toEqual([400, 'INVALID_PASSWORD']);
      expect(answer.setCookies).toEqual([]);
    }
    expect(await sessionOf(visitor)).toEqual(before);
  });

  test('is logged with the user, and never itself', async () => {
    const { headers } = await stepUp(visitor, { password: visitor.password });
    const line = await service.logLine((one) => one.requestId === headers.get('x-request-id'));
    expect(line).toMatchObject({ outcome: 'stepped_up' });
    expect(line.userId).toMatch(/^\w{32}$/);
    expect(service.logText()).not.toContain(visitor.password);
  });

  test('a session that was not to be remembered still ends with the browser', async () => {
    const browser = new Visitor(service);
    const { email, password } = visitor;
    await browser.ask('/api/auth/sign-in/email', { body: { email, password, rememberMe: false } });
    const { setCookies } = await stepUp(browser, { password });
    expect(setCookies.find((line) => line.includes('session_token'))).not.toContain('Max-Age');
  });

  test('the cookie of the raised session does not outlive the absolute timeout', async () => {
    await service.database.query(
      `update session set created_at = now() - interval '29 days' from "user" u
       where u.id = user_id and email = $1`,
      [visitor.email],
    );
    const { setCookies } = await stepUp(visitor, { password: visitor.password });
    const [, maxAge] = /Max-Age=(\d+)/.exec(setCookies.join('\n')) ?? [];
    expect(Number(maxAge)).toBeLessThanOrEqual(86_400);
  });
});

describe('a second factor', () => {
  let app: App;
  beforeEach(async () => {
    app = await enrol(service, visitor);
    await atLevelOne();
  });

  test('a code raises the session to level 2', async () => {
    const answer = await stepUp(visitor, { totp: app.code() });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.json).toMatchObject({ session: { aal: 2, methods: [{ method: 'totp' }] } });
    expect(await sessionOf(visitor)).toMatchObject({ aal: 2 });
  });

  test('the password leaves it at level 1', async () => {
    const answer = await stepUp(visitor, { password: visitor.password });
    expect(answer.json).toMatchObject({ session: { aal: 1 } });
  });

  test('a code is accepted once', async () => {
    expect((await stepUp(visitor, { totp: app.code() })).status).toBe(200);
    const replayed = await stepUp(visitor, { totp: app.code() });
    expect([replayed.status, replayed.json?.reason]).toEqual([400, 'totp_replayed']);
  });

  test('a backup code raises it, once', async () => {
    const backupCode = app.backupCodes[0] ?? '';
    expect((await stepUp(visitor, { backupCode })).json).toMatchObject({ session: { aal: 2 } });
    expect((await stepUp(visitor, { backupCode })).json?.reason).toBe('backup_code_used');
  });

  test('a page with a bearer token gets the new token, and may read it', async () => {
    const answer = await beginSignIn(new Visitor(service), visitor);
    const pending = `Bearer ${answer.headers.get('set-auth-token') ?? ''}`;
    const page = new Visitor(service);
    const signedIn = await page.ask('/api/auth/two-factor/verify-totp', {
      body: { code: app.code() },
      headers: { authorization: pending },
    });
    page.cookies.clear();
    const authorization = `Bearer ${signedIn.headers.get('set-auth-token') ?? ''}`;
    const raised = await page.ask(path, {
      body: { password: visitor.password },
      headers: { authorization },
    });
    page.cookies.clear();
    expect(raised.status, raised.text).toBe(200);
    expect(raised.headers.get('access-control-expose-headers')).toContain('set-auth-token');
    const token = `Bearer ${raised.headers.get('set-auth-token') ?? ''}`;
    const check = (bearer: string) => page.ask('/session', { headers: { authorization: bearer } });
    expect((await check(token)).json).toMatchObject({ session: { aal: 2 } });
    expect((await check(authorization)).json?.reason).toBe('session_replaced');
  });

  test('a sign-in that waits for the second factor is not raised by the password', async () => {
    const browser = new Visitor(service);
    await beginSignIn(browser, visitor);
    const answer = await stepUp(browser, { password: visitor.password });
    expect([answer.status, answer.json?.reason]).toEqual([401, 'second_factor_required']);
    expect((await verifyTotp(browser, app.code())).status).toBe(200);
  });
});
