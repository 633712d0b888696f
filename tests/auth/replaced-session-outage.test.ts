/** The database is lost where the session that a browser presents is ended: what was not done is not used up. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MailVisitor, startMailingService, type MailingService } from '../support/mailed-link.js';
import { useFaultyDatabase, type FaultyDatabase } from '../support/use-service.js';

let faulty: FaultyDatabase;
useFaultyDatabase((started) => (faulty = started), 'file');

let service: MailingService;
beforeAll(async () => {
  const { network, testDatabase } = faulty;
  const env = { MAGIC_LINK: 'on', EMAIL_VERIFICATION: 'optional', DATABASE_URL: network.url };
  service = await startMailingService(env, { testDatabase });
});
afterAll(() => service.stop());

const newPassword = 'another-good-password-42';
const password = 'a-good-password-of-its-own';

test.each([
  ['/reset-password', '/request-password-reset', { newPassword }],
  ['/magic-link/verify', '/sign-in/magic-link', {}],
  ['/verify-email', '/send-verification-email', { password }],
])('%s: 503, and the link stays valid', async (path, ask, fields) => {
  const email = new MailVisitor(service).email;
  const body = { name: 'A', email, password };
  await new MailVisitor(service).ask('/api/auth/sign-up/email', { body });
  const browser = new MailVisitor(service);
  expect((await browser.signUp()).status).toBe(200); // to another account
  const presented = browser.cookieHeader;
  await browser.ask(`/api/auth${ask}`, { body: { email } });
  const redemption = { token: await service.tokenFor(email, 2), ...fields };
  faulty.network.cutOnce('delete from "session" where "session"."token"');
  const failed = await browser.ask(`/api/auth${path}`, { body: redemption });
  expect([failed.status, failed.json?.code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
  await faulty.network.heal();
  const answer = await browser.ask(`/api/auth${path}`, { body: redemption });
  expect(answer.status, answer.text).toBe(200);
  const old = await new MailVisitor(service).ask('/session', { headers: { cookie: presented } });
  expect(old.headers.get('x-session-reason')).toBe('session_replaced');
});

test('/sign-up/email: 503, and no account exists', async () => {
  const browser = new MailVisitor(service);
  expect((await browser.signUp()).status).toBe(200);
  const email = new MailVisitor(service).email;
  const body = { name: 'A', email, password };
  faulty.network.cutOnce('delete from "session" where "session"."token"');
  const failed = await browser.ask('/api/auth/sign-up/email', { body });
  expect([failed.status, failed.json?.code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
  await faulty.network.heal();
  expect((await browser.ask('/api/auth/sign-up/email', { body })).status).toBe(200);
});
