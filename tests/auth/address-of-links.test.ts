/**
 * A link or code that is written while the account gets another address: the change cannot end it, and it is in a mailbox
 * that belongs to the account no more.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MailVisitor, startMailingService, type MailingService } from '../support/mailed-link.js';
import type { Visitor } from '../support/visitor.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({
    MAGIC_LINK: 'on',
    EMAIL_CODE: 'on',
    EMAIL_VERIFICATION: 'optional',
    CHANGE_EMAIL: 'on',
  });
});
afterAll(() => service.stop());

/** With its sign-up mail. */
async function newUser(): Promise<Visitor> {
  const owner = new MailVisitor(service);
  expect((await owner.signUp()).status).toBe(200);
  await service.mailsTo(owner.email);
  return owner;
}

/** As the change leaves a link that it has not seen. @returns the new address */
async function moveAddress({ email }: Visitor): Promise<string> {
  const moved = `moved.${email}`;
  await service.database.query(`update "user" set email = $2 where email = $1`, [email, moved]);
  return moved;
}

const newestToken = async ({ email }: Visitor, count: number) => service.tokenFor(email, count);

const mailedLinks: [string, (owner: Visitor) => Promise<[path: string, body: object]>][] = [
  [
    'password reset',
    async (owner) => {
      await owner.ask('/api/auth/request-password-reset', { body: { email: owner.email } });
      const newPassword = 'another-good-password-42';
      return ['reset-password', { token: await newestToken(owner, 2), newPassword }];
    },
  ],
  ['verification', async (owner) => ['verify-email', { token: await newestToken(owner, 1) }]],
  [
    'magic link',
    async (owner) => {
      await owner.ask('/api/auth/sign-in/magic-link', { body: { email: owner.email } });
      return ['magic-link/verify', { token: await newestToken(owner, 2) }];
    },
  ],
  [
    'deletion',
    async (owner) => {
      expect((await owner.ask('/api/auth/delete-user', { body: {} })).status).toBe(200);
      return ['delete-user/verify', { token: await newestToken(owner, 2) }];
    },
  ],
  [
    'change of the address',
    async (owner) => {
      const newEmail = `next.${owner.email}`;
      const body = { newEmail, password: owner.password };
      expect((await owner.ask('/api/auth/change-email', { body })).status).toBe(200);
      return ['change-email/verify', { token: await service.tokenFor(newEmail) }];
    },
  ],
];

test.each(mailedLinks)(
  '%s: the link in the mailbox of the previous address is refused',
  async (_what, ask) => {
    const owner = await newUser();
    const [path, body] = await ask(owner);
    const moved = await moveAddress(owner);
    const answer = await owner.ask(`/api/auth/${path}`, { body });
    expect([answer.status, answer.json?.code]).toEqual([400, 'LINK_REPLACED']);
    const rows = await service.database.query(
      `select email_verified, delete_after from "user" where email = $1`,
      [moved],
    );
    expect(rows).toEqual([{ email_verified: false, delete_after: null }]);
  },
);

test('a code in the mailbox of the previous address does not sign in to the account', async () => {
  const owner = await newUser();
  const body = { email: owner.email, type: 'sign-in' };
  await owner.ask('/api/auth/email-otp/send-verification-otp', { body });
  const mails = await service.mailsTo(owner.email, 2);
  const otp = /\b\d{6}\b/.exec(mails.at(-1)?.text ?? '')?.[0];
  const email = await moveAddress(owner);
  const answer = await owner.ask('/api/auth/sign-in/email-otp', { body: { email, otp } });
  expect([answer.status, answer.json?.code]).toEqual([400, 'CODE_REPLACED']);
});

test('a link to an address without an account signs in to the account that has the address when it is redeemed', async () => {
  const visitor = new MailVisitor(service);
  await visitor.ask('/api/auth/sign-in/magic-link', { body: { email: visitor.email } });
  const token = await service.tokenFor(visitor.email);
  expect((await visitor.signUp()).status).toBe(200);
  const answer = await visitor.ask('/api/auth/magic-link/verify', { body: { token } });
  expect(answer.json).toMatchObject({ user: { email: visitor.email, emailVerified: true } });
});

test('links and codes keep the address as a hash only', async () => {
  const rows = await service.database.query<{ purpose: string; bound: number; clear: number }>(
    `select purpose, count(address_hash)::int as bound,
       count(*) filter (where address_hash like '%@%')::int as clear
     from mailed_link group by purpose`,
  );
  expect(rows.length).toBeGreaterThanOrEqual(6);
  for (const { bound, clear } of rows) expect([bound > 0, clear]).toEqual([true, 0]);
});
