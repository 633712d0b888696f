/** A deletion that is scheduled while its user signs in: the sign-in calls it off, and never leaves an account in use scheduled. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MailVisitor, startMailingService, type MailingService } from '../support/mailed-link.js';
import type { Visitor } from '../support/visitor.js';
import { whileUserLocked } from '../support/while-user-locked.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({
    DELETE_GRACE_DAYS: '7',
    MAGIC_LINK: 'on',
    EMAIL_VERIFICATION: 'optional',
  });
});
afterAll(() => service.stop());

const schedule = `with ended as (delete from session where user_id = $1)
  update "user" set delete_after = now() + interval '7 days' where id = $1`;
const newPassword = 'another-good-password-42';

type Request = (owner: Visitor) => Promise<{ path: string; body: object }>;
const signIns: [string, Request][] = [
  [
    'a sign-in with the password',
    ({ email, password }) => Promise.resolve({ path: 'sign-in/email', body: { email, password } }),
  ],
  [
    'a magic link',
    async (owner) => {
      await owner.ask('/api/auth/sign-in/magic-link', { body: { email: owner.email } });
      return { path: 'magic-link/verify', body: { token: await service.tokenFor(owner.email, 2) } };
    },
  ],
  [
    'a password reset',
    async (owner) => {
      await owner.ask('/api/auth/request-password-reset', { body: { email: owner.email } });
      const token = await service.tokenFor(owner.email, 2);
      return { path: 'reset-password', body: { token, newPassword } };
    },
  ],
  [
    'the link of the sign-up',
    async (owner) => ({
      path: 'verify-email',
      body: { token: await service.tokenFor(owner.email) },
    }),
  ],
];

test.each(signIns)('%s', async (_what, requestOf) => {
  const owner = new MailVisitor(service);
  expect((await owner.signUp()).status).toBe(200);
  const { path, body } = await requestOf(owner);
  const answer = await whileUserLocked(service, owner, schedule, () =>
    owner.ask(`/api/auth/${path}`, { body }),
  );
  expect([answer.status, answer.json?.restored]).toEqual([200, true]);
  const [row] = await service.database.query('select delete_after from "user" where email = $1', [
    owner.email,
  ]);
  expect(row).toEqual({ delete_after: null });
  expect((await owner.ask('/session')).status).toBe(200);
});
