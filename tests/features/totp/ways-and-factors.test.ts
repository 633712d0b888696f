/**
 * Every way in × the second factor: none signs in without it (better-auth#10322, #11287, #9552, #1279). The ways are those of
 * first-factors.ts, outside of which no session is created, so a new way fails here until it has a driver.
 */
import { betterAuth } from 'better-auth';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { firstFactors, provingEndpoints, renewsSession } from '../../../src/auth/first-factors.js';
import { everyFeatureOn } from '../../support/every-feature.js';
import { MailVisitor } from '../../support/mailed-link.js';
import { optionsFor } from '../../support/options-for.js';
import {
  RedirectVisitor,
  startRedirectService,
  type RedirectService,
} from '../../support/redirect-visitor.js';
import { appFor, verifyBackupCode, verifyTotp, type App } from '../../support/second-factor.js';
import type { Visitor } from '../../support/visitor.js';
import { createWaysIn, post, type Way, type WaysIn } from '../../support/ways-in.js';

let service: RedirectService;
beforeAll(async () => {
  service = await startRedirectService({
    SECOND_FACTOR: 'required',
    MAGIC_LINK: 'on',
    EMAIL_CODE: 'on',
    EMAIL_VERIFICATION: 'optional',
    JWT_TOKENS: 'on',
    BEARER_TOKENS: 'on',
    LIMIT_PAUSE: '50/1s/1s',
    RATE_LIMIT_SIGN_IN_PER_ACCOUNT: '1000/1m',
  });
});
afterAll(() => service.stop());

/** Has a password, and an authenticator app. */
let member: RedirectVisitor;
let app: App;
let ways: WaysIn;
beforeEach(async () => {
  member = new RedirectVisitor(service);
  expect((await member.signUp()).json?.secondFactor).toBe('enrol');
  const begun = await member.ask('/api/auth/two-factor/enable', { body: {} });
  app = appFor(begun, service, member.email);
  expect((await verifyTotp(member, app.code())).status).toBe(200);
  await app.forgetLastCode();
  // The link that verifies the address, and the notice of the second factor.
  await service.mailsTo(member.email, 2);
  ways = createWaysIn(service, member, 2);
  // An address that is not proven would be by most of these ways, which removes what was set up before (planted-factor.test.ts).
  await ways.proveAddress();
});

/** Ways that exist for new users only, or that prove a second factor. */
const otherWays = ['/sign-up/email', ...provingEndpoints, renewsSession];

test('every way in has a driver', () => {
  expect([...Object.keys(ways.drivers), ...otherWays].sort()).toEqual(
    [...Object.keys(firstFactors), ...provingEndpoints, renewsSession].sort(),
  );
});

async function expectPending(browser: Visitor, reason: string): Promise<void> {
  const check = await browser.ask('/session');
  expect([check.status, check.json?.reason]).toEqual([401, reason]);
  expect((await browser.ask('/api/auth/get-session')).json).toBeNull();
  expect((await browser.ask('/api/auth/token')).status).toBe(401);
}

describe.each(Object.keys(firstFactors).filter((path) => path !== '/sign-up/email'))(
  '%s',
  (path) => {
    test('signs in only with the second factor, then at level 2', async () => {
      const { browser, answer, landedAt } = await (ways.drivers[path] as () => Promise<Way>)();
      if (answer === undefined) expect(landedAt).toBe('http://localhost:3000/account');
      else {
        expect([answer.status, answer.json]).toEqual([
          200,
          expect.objectContaining({
            twoFactorRedirect: true,
            twoFactorMethods: ['totp', 'backup_code'],
            secondFactor: 'verify',
          }),
        ]);
        expect(answer.text).not.toContain(member.email);
      }
      await expectPending(browser, 'second_factor_required');
      expect((await verifyTotp(browser, app.code(400))).status).toBe(400);
      await expectPending(browser, 'second_factor_required');
      expect((await verifyTotp(browser, app.code())).status).toBe(200);
      expect((await browser.ask('/session')).json).toMatchObject({
        session: { aal: 2, methods: [{ method: firstFactors[path] }, { method: 'totp' }] },
        user: { email: member.email },
      });
    });
  },
);

test('/sign-up/email: a new user has to set a second factor up first', async () => {
  const visitor = new MailVisitor(service);
  expect((await visitor.signUp()).json).toEqual({
    twoFactorRedirect: true,
    twoFactorMethods: ['totp'],
    secondFactor: 'enrol',
  });
  await expectPending(visitor, 'second_factor_enrolment_required');
});

test('/change-password keeps the level of the session: 1 on a trusted device, 2 otherwise', async () => {
  const { email } = member;
  const trusted = new MailVisitor(service);
  await post(trusted, '/sign-in/email', { email, password: member.password });
  expect((await verifyTotp(trusted, app.code(), { trustDevice: true })).status).toBe(200);
  await post(trusted, '/sign-in/email', { email, password: member.password });
  const levelOf = async (browser: Visitor) => (await browser.ask('/session')).json?.session;
  const change = (browser: Visitor, from: string, to: string) =>
    post(browser, '/change-password', {
      currentPassword: from,
      newPassword: to,
      revokeOtherSessions: true,
    });
  expect(await levelOf(member)).toMatchObject({ aal: 2 });
  expect((await change(member, member.password, `${member.password} 2`)).status).toBe(200);
  expect(await levelOf(member)).toMatchObject({ aal: 2 });
});

describe('with a sign-in that waits for the second factor', () => {
  let browser: Visitor;
  beforeEach(async () => {
    ({ browser } = await (ways.drivers['/sign-in/email'] as () => Promise<Way>)());
  });

  test('a wrong backup code does not sign in, and a right one does', async () => {
    expect((await verifyBackupCode(browser, 'AAAAA-AAAAA-AAAAA')).status).toBe(400);
    await expectPending(browser, 'second_factor_required');
    expect((await verifyBackupCode(browser, String(app.backupCodes[0]))).status).toBe(200);
  });

  test('no other endpoint signs in, whatever it is sent', async () => {
    const { options } = await optionsFor({ ...everyFeatureOn, SECOND_FACTOR: 'required' });
    const endpoints = Object.values(betterAuth(options).api) as unknown as {
      path?: string;
      options: { method: string | string[] };
    }[];
    const paths = endpoints.flatMap(({ path }) => path ?? []);
    expect(paths.length).toBeGreaterThan(40);
    const { email, password } = member;
    const body = {
      ...{ email, password, newPassword: `${password} 3`, currentPassword: password },
      ...{ token: 'x'.repeat(43), code: '000000', otp: '000000', id: 'x', provider: 'test' },
      ...{ name: 'x', trustDevice: true, callbackURL: '/account', code_challenge: 'x'.repeat(43) },
    };
    for (const endpoint of endpoints) {
      const { path } = endpoint;
      if (path === undefined || path === '/sign-out' || path in firstFactors) continue;
      const url = `/api/auth${path.replaceAll(/:\w+/g, 'test')}`;
      for (const method of [endpoint.options.method].flat()) {
        if (method === '*') continue;
        const answer = await browser.ask(url, { method, ...(method !== 'GET' && { body }) });
        expect([path, answer.status]).not.toEqual([path, 500]);
      }
      const check = await browser.ask('/session');
      expect([path, check.json?.reason]).toEqual([path, 'second_factor_required']);
    }
  });
});

afterEach(async () => {
  // Whatever a test did: sessions at level 2 have a proof of a second factor.
  const odd = await service.database.query(
    `select methods from session where aal = 2 and not methods @? '$[*] ? (@.method == "totp" || @.method == "backup_code" || @.method == "passkey")'`,
  );
  expect(odd).toEqual([]);
});
