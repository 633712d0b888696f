/** An account is deleted with the password or by a mailed link. Days of grace have a file of their own. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  linkIn,
  MailVisitor,
  sitePage,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import type { Visitor } from '../../support/visitor.js';

const path = '/api/auth/delete-user';
const verifyPath = '/api/auth/delete-user/verify';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService();
});
afterAll(() => service.stop());

async function newUser(): Promise<Visitor> {
  const visitor = new MailVisitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  return visitor;
}

const verify = (visitor: Visitor, token: string) => visitor.ask(verifyPath, { body: { token } });

async function newLink(): Promise<{ owner: Visitor; token: string }> {
  const owner = await newUser();
  const answer = await owner.ask(path, { body: {} });
  expect(answer.json).toEqual({ success: true, message: 'Verification email sent' });
  expect(answer.setCookies).toEqual([]);
  return { owner, token: await service.tokenFor(owner.email) };
}

async function exists(owner: Visitor): Promise<boolean> {
  const rows = await service.database.query('select 1 from "user" where email = $1', [owner.email]);
  return rows.length > 0;
}

test('with the password the account is deleted at once, and a last mail says so', async () => {
  const owner = await newUser();
  const cookie = owner.cookieHeader;
  const answer = await owner.ask(path, { body: { password: owner.password } });
  expect([answer.status, answer.json]).toEqual([200, { success: true, message: 'User deleted' }]);
  expect(owner.cookieHeader).toBe('');
  const old = await new MailVisitor(service).ask('/session', { headers: { cookie } });
  expect(old.headers.get('x-session-reason')).toBe('user_deleted');
  const [mail] = await service.mailsTo(owner.email);
  expect(mail?.subject).toBe('Your account was deleted');
});

test('an account whose last mail cannot be written is not deleted', async () => {
  const owner = await newUser();
  await service.database.query('alter table mail_outbox rename to mail_outbox_away');
  const failed = await owner.ask(path, { body: { password: owner.password } });
  await service.database.query('alter table mail_outbox_away rename to mail_outbox');
  expect(failed.status).toBe(503);
  expect((await owner.ask('/session')).status).toBe(200);
});

test('without a password a link is mailed, which says what happens, and nothing is deleted before it is redeemed', async () => {
  const { owner, token } = await newLink();
  const [mail] = await service.mailsTo(owner.email);
  expect(linkIn(mail).page).toBe(sitePage);
  expect(mail?.text).toContain('deleted immediately');
  expect((await owner.ask('/session')).status).toBe(200);
  await service.logLine((line) => line.outcome === 'deletion_link_sent');
  const answer = await verify(new MailVisitor(service), token);
  expect([answer.status, answer.json]).toEqual([200, { success: true, message: 'User deleted' }]);
  expect(await exists(owner)).toBe(false);
  expect((await owner.ask('/session')).status).toBe(401);
  const [, last] = await service.mailsTo(owner.email, 2);
  expect(last?.subject).toBe('Your account was deleted');
});

test('a session older than a day gets a link too', async () => {
  const owner = await newUser();
  await service.database.query(
    `update session set created_at = created_at - interval '2 days'
     where user_id = (select id from "user" where email = $1)`,
    [owner.email],
  );
  expect((await owner.ask(path, { body: {} })).status).toBe(200);
  await service.tokenFor(owner.email);
});

test('redeeming clears the cookie of a session of the account, and of no other', async () => {
  const { owner, token } = await newLink();
  await verify(owner, token);
  expect(owner.cookieHeader).toBe('');
  const second = await newLink();
  const other = await newUser();
  expect((await verify(other, second.token)).setCookies).toEqual([]);
  expect((await other.ask('/session')).status).toBe(200);
});

test.each([{ password: 'not this' }, { password: '' }])(
  'the password %j is wrong: nothing is deleted or mailed',
  async (body) => {
    const owner = await newUser();
    const answer = await owner.ask(path, { body });
    expect([answer.status, answer.json?.code]).toEqual([400, 'INVALID_PASSWORD']);
    expect(await exists(owner)).toBe(true);
    const links = await service.database.query(
      'select 1 from mailed_link l join "user" u on u.id = l.user_id where u.email = $1',
      [owner.email],
    );
    expect(links).toEqual([]);
  },
);

test('a password for an account that has none is refused, as BetterAuth does', async () => {
  const owner = await newUser();
  await service.database.query(
    `update account set password = null where user_id = (select id from "user" where email = $1)`,
    [owner.email],
  );
  const answer = await owner.ask(path, { body: { password: owner.password } });
  expect([answer.status, answer.json?.code]).toEqual([400, 'CREDENTIAL_ACCOUNT_NOT_FOUND']);
});

test('without a session: 401 with the reason', async () => {
  const answer = await new MailVisitor(service).ask(path, { body: {} });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('x-session-reason')).toBe('no_credential');
});

test('of eight concurrent redeems one succeeds, and one last mail is written', async () => {
  const { owner, token } = await newLink();
  const visitors = Array.from({ length: 8 }, () => new MailVisitor(service));
  const answers = await Promise.all(visitors.map((visitor) => verify(visitor, token)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(400)]);
  await service.mailsTo(owner.email, 2);
  const mails = service.mailServer.mails.filter((mail) =>
    JSON.stringify(mail.to).includes(owner.email),
  );
  expect(mails).toHaveLength(2);
});

test('of eight concurrent deletions with the password one last mail is written', async () => {
  const owner = await newUser();
  await service.database.query(`delete from mail_outbox where template = 'account-deleted'`);
  const { password, cookieHeader: cookie } = owner;
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      new MailVisitor(service).ask(path, { body: { password }, headers: { cookie } }),
    ),
  );
  expect(answers.map(({ status }) => status)).toContain(200);
  expect(answers.map(({ status }) => status)).not.toContain(500);
  const rows = await service.database.query(
    `select 1 from mail_outbox where template = 'account-deleted'`,
  );
  expect(rows).toHaveLength(1);
});

test.each([
  ['LINK_USED', 'used_at = now()'],
  ['LINK_REPLACED', 'replaced_at = now()'],
  ['LINK_EXPIRED', "expires_at = now() - interval '1 second'"],
])('a link is refused as %s', async (code, change) => {
  const { owner, token } = await newLink();
  await service.database.query(
    `update mailed_link set ${change} where user_id = (select id from "user" where email = $1)`,
    [owner.email],
  );
  expect((await verify(new MailVisitor(service), token)).json?.code).toBe(code);
  expect(await exists(owner)).toBe(true);
});

test('a password reset ends the link', async () => {
  const { owner, token } = await newLink();
  await new MailVisitor(service).ask('/api/auth/request-password-reset', {
    body: { email: owner.email },
  });
  const reset = linkIn((await service.mailsTo(owner.email, 2)).at(-1)).token;
  const body = { token: reset, newPassword: 'another-good-password-42' };
  await new MailVisitor(service).ask('/api/auth/reset-password', { body });
  expect((await verify(new MailVisitor(service), token)).json?.code).toBe('LINK_REPLACED');
});

test.each(['HEAD', 'GET'])('%s of the link’s endpoint deletes nothing', async (method) => {
  const { owner, token } = await newLink();
  const answer = await owner.ask(`${verifyPath}?token=${token}`, { method });
  if (method === 'GET') {
    expect(answer.headers.get('location')).toBe(
      `http://localhost:3001/confirm#delete_account=${token}`,
    );
  }
  expect(await exists(owner)).toBe(true);
});

test('BetterAuth’s own GET that deletes cannot be reached', async () => {
  const { owner, token } = await newLink();
  expect((await owner.ask(`/api/auth/delete-user/callback?token=${token}`)).status).toBe(404);
  expect(await exists(owner)).toBe(true);
});

test('links of the account are deleted with it: they may hold an address', async () => {
  const { owner, token } = await newLink();
  const [user] = await service.database.query('select id from "user" where email = $1', [
    owner.email,
  ]);
  await verify(new MailVisitor(service), token);
  const links = await service.database.query('select 1 from mailed_link where user_id = $1', [
    user?.id,
  ]);
  expect(links).toEqual([]);
  expect((await verify(new MailVisitor(service), token)).json?.code).toBe('LINK_UNKNOWN');
});

test('/api/auth/features says what is offered', async () => {
  const { json } = await new MailVisitor(service).ask('/api/auth/features');
  expect(json).toMatchObject({ features: { deleteAccount: { graceDays: 0, byMail: true } } });
});
