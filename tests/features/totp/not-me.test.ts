/** An authenticator app that somebody else has set up does not keep the owner out, and the mailbox does not replace the app. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  linkIn,
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import {
  appFor,
  beginSignIn,
  enrol,
  verifyBackupCode,
  verifyTotp,
} from '../../support/second-factor.js';

const newPassword = 'another correct horse battery';
let service: MailingService;
let visitor: MailVisitor;
beforeAll(async () => {
  service = await startMailingService({ SECOND_FACTOR: 'optional' });
});
afterAll(() => service.stop());
beforeEach(async () => {
  visitor = new MailVisitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  // What was set up before an address was proven goes with it anyway (planted-factor.test.ts).
  await service.database.query('update "user" set email_verified = true where email = $1', [
    visitor.email,
  ]);
  await enrol(service, visitor);
});

/** Redeems the link of the mail with this subject, and chooses a new password. @returns the response of that sign-in */
async function redeem(subject: string, count: number) {
  const mails = await service.mailsTo(visitor.email, count);
  const { token } = linkIn(mails.find((mail) => mail.subject === subject));
  const owner = new MailVisitor(service);
  const ended = await owner.ask('/api/auth/security-notices/not-me', { body: { token } });
  expect(ended.status).toBe(200);
  return owner.ask('/api/auth/reset-password', {
    body: { token: ended.json?.resetToken, newPassword },
  });
}

test('"That was not me" about a new app also removes it, so that the owner gets in', async () => {
  const answer = await redeem('Your account has a second factor now', 1);
  expect(answer.json).toMatchObject({ user: { twoFactorEnabled: false } });
  const left = await service.database.query(
    `select 1 from totp_secret t join "user" u on u.id = t.user_id where email = $1
     union all select 1 from backup_code b join "user" u on u.id = b.user_id where email = $1`,
    [visitor.email],
  );
  expect(left).toEqual([]);
});

test('"That was not me" about anything else leaves the app: the mailbox is not the only factor', async () => {
  const changed = await visitor.ask('/api/auth/change-password', {
    body: { currentPassword: visitor.password, newPassword: `${visitor.password} 2` },
  });
  expect(changed.status).toBe(200);
  const answer = await redeem('Your password was changed', 2);
  expect(answer.json).toMatchObject({ secondFactor: 'verify' });
});

test('backup codes that were made while another app waits for its first code stay valid', async () => {
  const begun = await visitor.ask('/api/auth/two-factor/enable', { body: {} });
  const made = await visitor.ask('/api/auth/two-factor/generate-backup-codes', { body: {} });
  const app = appFor(begun, service, visitor.email);
  expect((await verifyTotp(visitor, app.code())).status).toBe(200);
  const browser = new MailVisitor(service);
  await beginSignIn(browser, visitor);
  const [code] = made.json?.backupCodes as string[];
  expect((await verifyBackupCode(browser, String(code))).status).toBe(200);
});
