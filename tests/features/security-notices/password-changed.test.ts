/** The owner gets a mail when the password was changed. */
import { hashPassword } from 'better-auth/crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService();
});
afterAll(() => service.stop());

async function newUser(): Promise<MailVisitor> {
  const visitor = new MailVisitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  return visitor;
}

const change = (visitor: MailVisitor, currentPassword: string) =>
  visitor.ask('/api/auth/change-password', {
    body: { currentPassword, newPassword: 'another-good-password-42' },
  });

const mails = () => service.database.query('select template, state from mail_outbox');

test('a changed password is reported to the owner, also after mails that reached the limit', async () => {
  const owner = await newUser();
  for (let times = 0; times < 4; times += 1) {
    const path = '/api/auth/request-password-reset';
    await new MailVisitor(service).ask(path, { body: { email: owner.email } });
  }
  expect((await change(owner, owner.password)).status).toBe(200);
  const notice = (await service.mailsTo(owner.email, 4)).at(-1);
  expect(notice?.subject).toBe('Your password was changed');
  expect(notice?.text).toContain('http://localhost:3000');
  expect(notice?.text).toContain('#not_me=');
});

test('a wrong password changes nothing and sends nothing', async () => {
  const owner = await newUser();
  const before = await mails();
  expect((await change(owner, 'not-the-password-1')).status).toBe(400);
  expect(await mails()).toEqual(before);
});

test('a renewed hash of the same password is no change', async () => {
  const owner = await newUser();
  const outdated = await hashPassword(owner.password); // BetterAuth's scrypt
  const ofOwner = 'user_id = (select id from "user" where email = $2)';
  await service.database.query(`update account set password = $1 where ${ofOwner}`, [
    outdated,
    owner.email,
  ]);
  const before = await mails();
  expect((await owner.signIn()).status).toBe(200);
  await service.logLine(({ msg }) => msg === 'password hash renewed with argon2id');
  expect(await mails()).toEqual(before);
});
