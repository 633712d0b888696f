/** Browsers that may skip the second factor for a month. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import { beginSignIn, enrol, verifyTotp, type App } from '../../support/second-factor.js';
import { startTestService, testSecret } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

const env = {
  SECOND_FACTOR: 'optional',
  LIMIT_PAUSE: '50/1s/1s',
  RATE_LIMIT_SIGN_IN_PER_ACCOUNT: '100/1m',
};

let service: MailingService;
let visitor: Visitor;
let app: App;
/** Signed in with both factors, and trusted. */
let browser: Visitor;
beforeAll(async () => {
  service = await startMailingService({ ...env, PASSWORD_RESET: 'on' });
});
afterAll(() => service.stop());
beforeEach(async () => {
  visitor = new MailVisitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  await service.database.query('update "user" set email_verified = true where email = $1', [
    visitor.email,
  ]);
  app = await enrol(service, visitor);
  browser = await trustedBrowser();
});

async function trustedBrowser(): Promise<Visitor> {
  const other = new MailVisitor(service);
  await beginSignIn(other, visitor);
  await app.forgetLastCode();
  expect((await verifyTotp(other, app.code(), { trustDevice: true })).status).toBe(200);
  return other;
}

const post = (from: Visitor, endpoint: string, body: object = {}) =>
  from.ask(`/api/auth/two-factor/${endpoint}`, { body });

/** Whether a sign-in from the browser needs no code. */
async function isTrusted(from = browser): Promise<boolean> {
  const answer = await beginSignIn(from, visitor);
  expect(answer.status).toBe(200);
  return answer.json?.secondFactor === undefined;
}

test('the browser signs in with the password, at level 1, and keeps a cookie that is no credential', async () => {
  const cookie = [...browser.cookies.keys()].find((name) => name.endsWith('trusted_device'));
  expect(cookie).toBe('better-auth.trusted_device');
  expect(await isTrusted()).toBe(true);
  expect((await browser.ask('/session')).json).toMatchObject({
    session: { aal: 1, methods: [{ method: 'password' }] },
  });
  const alone = new Visitor(service);
  alone.cookies.set(String(cookie), String(browser.cookies.get(String(cookie))));
  expect((await alone.ask('/session')).json?.reason).toBe('no_credential');
});

test('without trustDevice nothing is trusted', async () => {
  const other = new MailVisitor(service);
  await beginSignIn(other, visitor);
  await app.forgetLastCode();
  await verifyTotp(other, app.code());
  expect(await isTrusted(other)).toBe(false);
});

test('it is trusted for this account alone, and can be for another one too', async () => {
  const another = new MailVisitor(service);
  await another.signUp();
  const anotherApp = await enrol(service, another);
  expect((await beginSignIn(browser, another)).json?.secondFactor).toBe('verify');
  expect((await verifyTotp(browser, anotherApp.code(), { trustDevice: true })).status).toBe(200);
  expect((await beginSignIn(browser, another)).json).toHaveProperty('user');
  expect(await isTrusted()).toBe(true);
});

test('the user sees trusted devices, and revokes one or all', async () => {
  const second = await trustedBrowser();
  const list = async (from: Visitor) => {
    const answer = await from.ask('/api/auth/two-factor/trusted-devices');
    return answer.json as unknown as { id: string; current: boolean; browser: string }[];
  };
  const listed = await list(browser);
  expect(listed).toHaveLength(2);
  expect(listed.filter(({ current }) => current)).toHaveLength(1);
  expect(Object.keys(listed[0] ?? {}).sort()).toEqual(
    ['browser', 'createdAt', 'current', 'expiresAt', 'id', 'lastUsedAt'].sort(),
  );
  const own = listed.find(({ current }) => current);
  expect((await post(browser, 'revoke-trusted-device', { id: own?.id })).json?.revoked).toBe(1);
  expect(await isTrusted()).toBe(false);
  expect(await isTrusted(second)).toBe(true);
  expect((await post(second, 'revoke-trusted-devices')).json?.revoked).toBe(1);
  expect(await isTrusted(second)).toBe(false);
});

test('another user can neither see nor revoke it', async () => {
  const [device] = (await browser.ask('/api/auth/two-factor/trusted-devices')).json as unknown as {
    id: string;
  }[];
  const other = new MailVisitor(service);
  await other.signUp();
  expect((await other.ask('/api/auth/two-factor/trusted-devices')).json).toEqual([]);
  const answer = await post(other, 'revoke-trusted-device', { id: device?.id });
  expect(answer.json?.revoked).toBe(0);
  expect(await isTrusted()).toBe(true);
});

test('on a trusted device the second factor can be removed only after it was given', async () => {
  expect(await isTrusted()).toBe(true);
  const answer = await post(browser, 'disable', { password: visitor.password });
  expect([answer.status, answer.json?.reason]).toEqual([403, 'aal2_required']);
  for (const endpoint of ['enable', 'generate-backup-codes']) {
    const refused = await post(browser, endpoint, { password: visitor.password });
    expect([endpoint, refused.json?.reason]).toEqual([endpoint, 'aal2_required']);
  }
  await app.forgetLastCode();
  expect((await verifyTotp(browser, app.code())).status).toBe(200);
  expect((await post(browser, 'disable', { password: visitor.password })).status).toBe(200);
});

test.each<[string, () => Promise<unknown>]>([
  ['a password reset', resetPassword],
  ['"Sign out everywhere"', () => visitor.ask('/api/auth/revoke-sessions', { body: {} })],
  ['ending the other sessions', () => visitor.ask('/api/auth/revoke-other-sessions', { body: {} })],
  [
    'a changed password',
    async () => {
      const { password } = visitor;
      await visitor.ask('/api/auth/change-password', {
        body: { currentPassword: password, newPassword: `${password} 2` },
      });
      Object.assign(visitor, { password: `${password} 2` });
    },
  ],
  [
    'disabling the second factor and setting it up again',
    async () => {
      expect((await post(visitor, 'disable')).status).toBe(200);
      await enrol(service, visitor);
    },
  ],
  ['another authenticator app', () => enrol(service, visitor)],
])('%s ends it', async (_what, act) => {
  await act();
  expect(await isTrusted()).toBe(false);
});

async function resetPassword(): Promise<void> {
  const { email } = visitor;
  await visitor.ask('/api/auth/request-password-reset', { body: { email } });
  const token = await service.tokenFor(email, 2);
  const newPassword = `${visitor.password} reset`;
  const answer = await visitor.ask('/api/auth/reset-password', { body: { token, newPassword } });
  expect(answer.json).toMatchObject({ twoFactorRedirect: true });
  Object.assign(visitor, { password: newPassword });
}

test('a password reset in the trusted browser itself asks for the second factor', async () => {
  const { email } = visitor;
  await browser.ask('/api/auth/request-password-reset', { body: { email } });
  const token = await service.tokenFor(email, 2);
  const body = { token, newPassword: `${visitor.password} reset` };
  const answer = await browser.ask('/api/auth/reset-password', { body });
  expect([answer.status, answer.json?.secondFactor]).toEqual([200, 'verify']);
});

test('it ends after a month', async () => {
  await service.database.query(
    `update verification set expires_at = now() - interval '1 second' where identifier like 'trusted-device|%'`,
  );
  expect(await isTrusted()).toBe(false);
});

test('a new BETTER_AUTH_SECRET ends it, even where the older one still counts for sessions', async () => {
  const rotated = await startTestService({
    testDatabase: service.database,
    env: {
      ...env,
      BETTER_AUTH_SECRETS: `2:another-secret-that-is-long-enough-0123456789,1:${testSecret}`,
    },
  });
  try {
    const elsewhere = new Visitor(rotated);
    for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value);
    expect((await beginSignIn(elsewhere, visitor)).json?.secondFactor).toBe('verify');
    await app.forgetLastCode();
    // The app's secret is still readable.
    expect((await verifyTotp(elsewhere, app.code())).status).toBe(200);
  } finally {
    await rotated.stop();
  }
});

test('a cookie that somebody else has planted does not become trusted', async () => {
  const planted = 'p'.repeat(43);
  const victim = new MailVisitor(service);
  victim.cookies.set('better-auth.trusted_device', planted);
  await beginSignIn(victim, visitor);
  await app.forgetLastCode();
  expect((await verifyTotp(victim, app.code(), { trustDevice: true })).status).toBe(200);
  expect(await isTrusted(victim)).toBe(true);
  const thief = new MailVisitor(service);
  thief.cookies.set('better-auth.trusted_device', planted);
  expect(await isTrusted(thief)).toBe(false);
});
