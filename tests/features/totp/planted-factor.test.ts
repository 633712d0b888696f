/** A second factor that somebody else set up before the owner of the address came (account pre-hijacking). */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import { enrol, verifyTotp, type App } from '../../support/second-factor.js';

let service: MailingService;
let stranger: MailVisitor;
let app: App;
beforeAll(async () => {
  service = await startMailingService({ SECOND_FACTOR: 'optional', MAGIC_LINK: 'on' });
});
afterAll(() => service.stop());
beforeEach(async () => {
  stranger = new MailVisitor(service);
  expect((await stranger.signUp()).status).toBe(200);
  app = await enrol(service, stranger);
});

async function expectOwnersAccount(owner: MailVisitor): Promise<void> {
  expect((await owner.ask('/session')).json).toMatchObject({ user: { email: stranger.email } });
  expect((await owner.ask('/api/auth/two-factor/status')).json).toEqual({
    enabled: false,
    backupCodesLeft: 0,
    required: false,
  });
  expect((await stranger.ask('/session')).status).toBe(401);
  expect((await verifyTotp(stranger, app.code())).status).toBe(401);
}

test('the owner signs in by a mailed link without it', async () => {
  const owner = new MailVisitor(service);
  await owner.ask('/api/auth/sign-in/magic-link', { body: { email: stranger.email } });
  const token = await service.tokenFor(stranger.email, 2);
  const answer = await owner.ask('/api/auth/magic-link/verify', { body: { token } });
  expect(answer.json).toMatchObject({ user: { email: stranger.email } });
  await expectOwnersAccount(owner);
});

test('the owner signs in by a password reset without it', async () => {
  const owner = new MailVisitor(service);
  await owner.ask('/api/auth/request-password-reset', { body: { email: stranger.email } });
  const token = await service.tokenFor(stranger.email, 2);
  const newPassword = 'a-password-of-the-owner';
  const answer = await owner.ask('/api/auth/reset-password', { body: { token, newPassword } });
  expect(answer.json).toMatchObject({ user: { email: stranger.email } });
  await expectOwnersAccount(owner);
});

test('an account whose address was proven keeps it', async () => {
  await service.database.query('update "user" set email_verified = true where email = $1', [
    stranger.email,
  ]);
  const browser = new MailVisitor(service);
  await browser.ask('/api/auth/sign-in/magic-link', { body: { email: stranger.email } });
  const token = await service.tokenFor(stranger.email, 2);
  const answer = await browser.ask('/api/auth/magic-link/verify', { body: { token } });
  expect(answer.json).toMatchObject({ secondFactor: 'verify' });
  expect((await verifyTotp(browser, app.code())).status).toBe(200);
});
