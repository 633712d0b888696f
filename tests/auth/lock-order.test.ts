/** What ends access to an account locks the user first, so concurrent requests for one account never deadlock. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MailVisitor, startMailingService, type MailingService } from '../support/mailed-link.js';
import type { Answer, Visitor } from '../support/visitor.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({
    CHANGE_EMAIL: 'on',
    MAGIC_LINK: 'on',
    EMAIL_VERIFICATION: 'optional',
    DELETE_GRACE_DAYS: '7',
  });
});
afterAll(() => service.stop());

const newPassword = 'another-good-password-42';
const rounds = 12;

/** A user whose address was changed, with every kind of link that is open at once. */
async function userWithLinks() {
  const owner = new MailVisitor(service);
  expect((await owner.signUp()).status).toBe(200);
  const device = new MailVisitor(service);
  await device.ask('/api/auth/sign-in/email', {
    body: { email: owner.email, password: owner.password },
  });
  const email = `moved.${owner.email}`;
  await owner.ask('/api/auth/change-email', {
    body: { newEmail: email, password: owner.password },
  });
  const change = { token: await service.tokenFor(email) };
  expect((await owner.ask('/api/auth/change-email/verify', { body: change })).status).toBe(200);
  const undo = await service.tokenFor(owner.email, 2);
  await owner.ask('/api/auth/request-password-reset', { body: { email } });
  const reset = await service.tokenFor(email, 2);
  await owner.ask('/api/auth/sign-in/magic-link', { body: { email } });
  const magic = await service.tokenFor(email, 3);
  return { owner, device, email, undo, reset, magic };
}

async function deadlocks(): Promise<number> {
  const [row] = await service.database.query<{ deadlocks: number }>(
    'select deadlocks::int from pg_stat_database where datname = current_database()',
  );
  return row?.deadlocks ?? -1;
}

test('resets, magic links, undone changes, changes of the password, deletions and sign-ins at once', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const { owner, device, email, undo, reset, magic } = await userWithLinks();
    const { password } = owner;
    const post = (from: Visitor, path: string, body: object): Promise<Answer> =>
      from.ask(`/api/auth/${path}`, { body });
    const answers = await Promise.all([
      post(new MailVisitor(service), 'reset-password', { token: reset, newPassword }),
      post(owner, 'magic-link/verify', { token: magic }),
      post(new MailVisitor(service), 'change-email/undo', { token: undo }),
      post(device, 'change-password', { currentPassword: password, newPassword }),
      post(device, 'delete-user', { password }),
      post(new MailVisitor(service), 'sign-in/email', { email, password }),
      post(new MailVisitor(service), 'sign-in/email', { email, password }),
    ]);
    expect(answers.filter(({ status }) => status >= 500).map(({ text }) => text)).toEqual([]);
  }
  // A deadlock that was hidden by a retry counts too.
  expect(await deadlocks()).toBe(0);
});
