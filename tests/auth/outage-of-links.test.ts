/** Mailed links where the database is lost at each step of the redemption: 503, nothing is done, and the link stays valid. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MailVisitor, startMailingService, type MailingService } from '../support/mailed-link.js';
import { useFaultyDatabase, type FaultyDatabase } from '../support/use-service.js';
import type { Visitor } from '../support/visitor.js';

let faulty: FaultyDatabase;
useFaultyDatabase((started) => (faulty = started), 'file');

let service: MailingService;
beforeAll(async () => {
  const { network, testDatabase } = faulty;
  service = await startMailingService(
    {
      EMAIL_VERIFICATION: 'optional',
      CHANGE_EMAIL: 'on',
      DELETE_GRACE_DAYS: '7',
      DATABASE_URL: network.url,
    },
    { testDatabase },
  );
});
afterAll(() => service.stop());

const newPassword = 'another-good-password-42';

type NewLink = (owner: Visitor) => Promise<{ path: string; body: object }>;

const reset: NewLink = async (owner) => {
  await owner.ask('/api/auth/request-password-reset', { body: { email: owner.email } });
  const token = await service.tokenFor(owner.email, 2);
  return { path: '/reset-password', body: { token, newPassword } };
};

const verification: NewLink = async (owner) => ({
  path: '/verify-email',
  body: { token: await service.tokenFor(owner.email) },
});

const change: NewLink = async (owner) => {
  const newEmail = `new.${owner.email}`;
  await owner.ask('/api/auth/change-email', { body: { newEmail, password: owner.password } });
  return { path: '/change-email/verify', body: { token: await service.tokenFor(newEmail) } };
};

const undoing: NewLink = async (owner) => {
  const { path, body } = await change(owner);
  expect((await owner.ask(`/api/auth${path}`, { body })).status).toBe(200);
  const token = await service.tokenFor(owner.email, 2);
  return { path: '/change-email/undo', body: { token } };
};

const deletion: NewLink = async (owner) => {
  await owner.ask('/api/auth/delete-user', { body: {} });
  return { path: '/delete-user/verify', body: { token: await service.tokenFor(owner.email, 2) } };
};

/** What the redemption changes, besides the mails. */
async function stateOf(id: string) {
  return service.database.query(
    `select email, email_verified, delete_after,
       (select string_agg(password, ',') from account where user_id = u.id) as password,
       (select string_agg(token, ',' order by token) from session where user_id = u.id) as sessions,
       (select string_agg(id || coalesce(used_at::text, '') || coalesce(replaced_at::text, ''), ',' order by id)
        from mailed_link where user_id = u.id) as links
     from "user" u where id = $1`,
    [id],
  );
}

async function idOf({ email }: Visitor): Promise<string> {
  const users = 'select id from "user" where email in ($1, $2)';
  const [user] = await service.database.query<{ id: string }>(users, [email, `new.${email}`]);
  return user?.id ?? '';
}

const lock = 'for update';
const use = 'update "mailed_link" set "used_at"';
const end = 'update "mailed_link" set "replaced_at"';

test.each<[string, NewLink, string]>([
  ['password reset', reset, lock],
  ['password reset', reset, use],
  ['password reset', reset, end],
  ['password reset', reset, 'delete from "session"'],
  ['password reset', reset, 'update "account"'],
  ['password reset', reset, 'mail_outbox (id'],
  ['password reset', reset, 'insert into "session"'],
  ['password reset', reset, 'COMMIT'],
  ['verification', verification, lock],
  ['verification', verification, use],
  ['verification', verification, 'update "user" set'],
  ['verification', verification, 'insert into "session"'],
  ['verification', verification, 'COMMIT'],
  ['change of the address', change, use],
  ['change of the address', change, 'update "user" set'],
  ['change of the address', change, 'COMMIT'],
  ['undone change', undoing, use],
  ['undone change', undoing, 'update "account"'],
  ['undone change', undoing, 'insert into "mailed_link"'],
  ['undone change', undoing, 'COMMIT'],
  ['deletion', deletion, use],
  ['deletion', deletion, end],
  ['deletion', deletion, 'COMMIT'],
])('%s: the database is lost (%#)', async (_what, newLink, statement) => {
  const owner = new MailVisitor(service);
  expect((await owner.signUp()).status).toBe(200);
  await service.mailsTo(owner.email);
  const { path, body } = await newLink(owner);
  const id = await idOf(owner);
  const before = await stateOf(id);
  faulty.network.cutWhenSent(statement);
  const failed = await owner.ask(`/api/auth${path}`, { body });
  expect([failed.status, failed.json?.code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
  expect(failed.setCookies).toEqual([]);
  await faulty.network.heal();
  expect(await stateOf(id)).toEqual(before);
  const again = await owner.ask(`/api/auth${path}`, { body });
  expect(again.status, again.text).toBe(200);
});
