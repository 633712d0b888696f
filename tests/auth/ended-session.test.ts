/** A session that is ended while its request runs, as by "That was not me", completes no change of the account. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MailVisitor, startMailingService, type MailingService } from '../support/mailed-link.js';
import type { Answer, Visitor } from '../support/visitor.js';
import { whileUserLocked } from '../support/while-user-locked.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({ CHANGE_EMAIL: 'on', DELETE_GRACE_DAYS: '7' });
});
afterAll(() => service.stop());

async function newUser(): Promise<Visitor> {
  const owner = new MailVisitor(service);
  expect((await owner.signUp()).status).toBe(200);
  return owner;
}

/** With its session ended between the check of the session and the transaction. */
const sendEnded = (owner: Visitor, request: () => Promise<Answer>) =>
  whileUserLocked(service, owner, 'delete from session where user_id = $1', request);

const newEmail = ({ email }: Visitor) => `new.${email}`;

const requests: [string, (owner: Visitor) => [path: string, body: object]][] = [
  [
    'a change of the address with the password',
    (owner) => ['change-email', { newEmail: newEmail(owner), password: owner.password }],
  ],
  ['a deletion by mail', () => ['delete-user', {}]],
  ['a deletion with the password', ({ password }) => ['delete-user', { password }]],
];

async function expectNothingDone({ email }: Visitor): Promise<void> {
  const [done] = await service.database.query(
    `select (select delete_after from "user" where email = $1) as scheduled,
       (select count(*)::int from mailed_link where user_id = (select id from "user" where email = $1)) as links`,
    [email],
  );
  expect(done).toEqual({ scheduled: null, links: 0 });
}

test.each(requests)('%s is refused with the reason', async (_what, requestOf) => {
  const owner = await newUser();
  const [path, body] = requestOf(owner);
  const answer = await sendEnded(owner, () => owner.ask(`/api/auth/${path}`, { body }));
  expect([answer.status, answer.json?.code]).toEqual([401, 'UNAUTHORIZED']);
  expect(answer.headers.get('x-session-reason')).toBe('session_not_found');
  await expectNothingDone(owner);
});

test('a change of the address of an account without a password is refused', async () => {
  const owner = await newUser();
  await service.database.query(
    `update account set password = null where user_id = (select id from "user" where email = $1)`,
    [owner.email],
  );
  const body = { newEmail: newEmail(owner) };
  const answer = await sendEnded(owner, () => owner.ask('/api/auth/change-email', { body }));
  expect(answer.status).toBe(401);
  await expectNothingDone(owner);
});

test('the link in the new mailbox does not change the address', async () => {
  const owner = await newUser();
  const [to, { password }] = [newEmail(owner), owner];
  await owner.ask('/api/auth/change-email', { body: { newEmail: to, password } });
  const body = { token: await service.tokenFor(to) };
  const verify = () => owner.ask('/api/auth/change-email/verify', { body });
  const answer = await sendEnded(owner, verify);
  expect([answer.status, answer.json?.code]).toEqual([403, 'LINK_WRONG_BROWSER']);
  const users = await service.database.query('select 1 from "user" where email = $1', [to]);
  expect(users).toEqual([]);
});
