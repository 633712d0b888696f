/** A change of address that the old mailbox undoes: the owner's second factor stays, a stranger's goes. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import { beginSignIn, enrol, verifyTotp } from '../../support/second-factor.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({ SECOND_FACTOR: 'optional', CHANGE_EMAIL: 'on' });
});
afterAll(() => service.stop());

async function provenOwner(): Promise<MailVisitor> {
  const owner = new MailVisitor(service);
  expect((await owner.signUp()).status).toBe(200);
  await service.database.query('update "user" set email_verified = true where email = $1', [
    owner.email,
  ]);
  return owner;
}

/** Changes the address. @returns the token with which the old mailbox undoes it */
async function changeAddress(owner: MailVisitor): Promise<string> {
  const newEmail = `new-${owner.email}`;
  const { password } = owner;
  const asked = await owner.ask('/api/auth/change-email', { body: { newEmail, password } });
  expect(asked.status, asked.text).toBe(200);
  const token = await service.tokenFor(newEmail);
  const changed = await owner.ask('/api/auth/change-email/verify', { body: { token } });
  expect(changed.status, changed.text).toBe(200);
  const mails = await service.mailsTo(owner.email);
  const undo = mails.map(({ text }) => /#undo_change=([\w-]+)/.exec(text ?? '')?.[1]);
  return undo.find((found) => found !== undefined) ?? '';
}

/** Undoes it with the old mailbox, and chooses a password. @returns what the reset answers */
async function takeBack(owner: MailVisitor, token: string) {
  const browser = new MailVisitor(service);
  const undone = await browser.ask('/api/auth/change-email/undo', { body: { token } });
  expect(undone.status, undone.text).toBe(200);
  const body = { token: undone.json?.resetToken, newPassword: 'a-password-after-the-undo' };
  const answer = await browser.ask('/api/auth/reset-password', { body });
  Object.assign(owner, { password: body.newPassword });
  return { browser, answer };
}

test('the owner’s app stays: the old mailbox is not enough to sign in', async () => {
  const owner = await provenOwner();
  const app = await enrol(service, owner);
  const { browser, answer } = await takeBack(owner, await changeAddressWithMail(owner));
  expect(answer.json).toMatchObject({ secondFactor: 'verify' });
  expect((await browser.ask('/session')).status).toBe(401);
  expect((await verifyTotp(browser, app.code())).status).toBe(200);
});

test('an app that was set up after the change goes: it would keep the owner out', async () => {
  const owner = await provenOwner();
  const token = await changeAddress(owner);
  await enrol(service, Object.assign(owner, { email: `new-${owner.email}` }));
  Object.assign(owner, { email: owner.email.slice('new-'.length) });
  const { answer } = await takeBack(owner, token);
  expect(answer.json).toMatchObject({ user: { email: owner.email } });
  expect((await beginSignIn(new MailVisitor(service), owner)).json).toHaveProperty('user');
});

/** The first mail to the owner is about the app. */
async function changeAddressWithMail(owner: MailVisitor): Promise<string> {
  await service.mailsTo(owner.email);
  const token = await changeAddress(owner);
  if (token !== '') return token;
  const mails = await service.mailsTo(owner.email, 2);
  const texts = mails.map(({ text }) => text ?? '').join('\n');
  return /#undo_change=([\w-]+)/.exec(texts)?.[1] ?? '';
}
