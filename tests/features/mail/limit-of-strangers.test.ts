/** Three mails in ten minutes is what strangers can cause for one recipient; they do not use up the owner's own. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import type { Visitor } from '../../support/visitor.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({ MAGIC_LINK: 'on', EMAIL_CODE: 'on', CHANGE_EMAIL: 'on' });
});
afterAll(() => service.stop());

/** Whether the address is proven. */
async function newUser(emailVerified: boolean): Promise<Visitor> {
  const owner = new MailVisitor(service);
  expect((await owner.signUp()).status).toBe(200);
  await service.database.query('update "user" set email_verified = $2 where email = $1', [
    owner.email,
    emailVerified,
  ]);
  return owner;
}

/** One of each kind, from a network of its own. */
async function bomb(email: string): Promise<void> {
  const thief = await newUser(true);
  const requests: [string, object][] = [
    ['request-password-reset', { email }],
    ['sign-in/magic-link', { email }],
    ['email-otp/send-verification-otp', { email, type: 'sign-in' }],
    ['change-email', { newEmail: email, password: thief.password }],
    ['request-password-reset', { email }],
  ];
  for (const [path, body] of requests) {
    expect((await thief.ask(`/api/auth/${path}`, { body })).status).toBe(200);
  }
}

const states = async (template: string) =>
  (
    await service.database.query<{ state: string }>(
      'select state from mail_outbox where template = $1 order by created_at desc limit 1',
      [template],
    )
  )[0]?.state;

const askForReset = (owner: Visitor) =>
  owner.ask('/api/auth/request-password-reset', { body: { email: owner.email } });

test('the owner who is signed in gets the own reset and deletion link in spite of them', async () => {
  const owner = await newUser(true);
  await bomb(owner.email);
  expect(await service.mailsTo(owner.email, 3)).toHaveLength(3);
  await askForReset(owner);
  await owner.ask('/api/auth/delete-user', { body: {} });
  const mails = await service.mailsTo(owner.email, 5);
  expect(
    mails
      .slice(3)
      .map(({ subject }) => subject)
      .sort(),
  ).toEqual(['Choose a new password', 'Delete your account?']);
});

test('the owner has a limit as well', async () => {
  const owner = await newUser(true);
  for (let times = 0; times < 4; times += 1) {
    expect((await askForReset(owner)).json).toEqual({ status: true });
  }
  expect(await states('reset-password')).toBe('limited');
});

test('an account with an address that is not proven does not count as its owner', async () => {
  const squatter = await newUser(false);
  await bomb(squatter.email);
  await service.mailsTo(squatter.email, 3);
  await askForReset(squatter);
  expect(await states('reset-password')).toBe('limited');
  await squatter.ask('/api/auth/delete-user', { body: {} });
  expect(await states('delete-account')).toBe('limited');
});
