/** An e-mail address is changed by the new mailbox, in real mails, over HTTP. Undoing has a file of its own. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  linkIn,
  MailVisitor,
  sitePage,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import { recordStatements } from '../../support/recorded-statements.js';
import { testSecret } from '../../support/test-service.js';
import type { Answer, Visitor } from '../../support/visitor.js';
import { changeAddress, newAddress, requestChange, verifyPath } from './change.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({ CHANGE_EMAIL: 'on' });
});
afterAll(() => service.stop());

async function newUser(): Promise<Visitor> {
  const visitor = new MailVisitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  return visitor;
}

const verify = (visitor: Visitor, token: string) => visitor.ask(verifyPath, { body: { token } });

/** A user who asked for a change, the new address, and the token. */
async function newLink() {
  const owner = await newUser();
  const to = newAddress();
  const answer = await requestChange(owner, to);
  expect([answer.status, answer.json]).toEqual([200, { status: true }]);
  return { owner, to, token: await service.tokenFor(to) };
}

async function addressOf(visitor: Visitor) {
  const { json } = await visitor.ask('/session');
  return (json?.user as { email: string } | undefined)?.email;
}

test('the new mailbox gets a link to the page of the site, and its POST changes and proves the address', async () => {
  const { owner, to, token } = await newLink();
  expect(linkIn((await service.mailsTo(to))[0]).page).toBe(sitePage);
  expect(await addressOf(owner)).toBe(owner.email);
  const answer = await verify(owner, token);
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ status: true, user: { email: to, emailVerified: true } });
  expect(answer.setCookies).toEqual([]);
  // The session of the browser that asked continues, with the new address.
  expect(await addressOf(owner)).toBe(to);
  const body = { email: to, password: owner.password };
  const elsewhere = new MailVisitor(service);
  expect((await elsewhere.ask('/api/auth/sign-in/email', { body })).status).toBe(200);
  expect((await owner.signIn()).status).toBe(401);
});

test('the old mailbox gets a notice with a link, written in the transaction of the change', async () => {
  const { owner, token } = await newLink();
  expect((await verify(owner, token)).status).toBe(200);
  const [notice] = await service.mailsTo(owner.email);
  expect(notice?.subject).toBe('The e-mail address of your account was changed');
  expect(notice?.text).toMatch(/#undo_change=[\w-]{43}/);
  const [row] = await service.database.query(
    `select round(extract(epoch from expires_at - created_at) / 3600)::int as hours
     from mailed_link where purpose = 'undo_change' and email = $1`,
    [owner.email],
  );
  expect(row).toEqual({ hours: 72 });
});

test('a change whose notice cannot be written does not happen, and the link stays valid', async () => {
  const { owner, token } = await newLink();
  await service.database.query('alter table mail_outbox rename to mail_outbox_away');
  const failed = await verify(owner, token);
  await service.database.query('alter table mail_outbox_away rename to mail_outbox');
  expect(failed.status).toBe(503);
  expect(await addressOf(owner)).toBe(owner.email);
  expect((await verify(owner, token)).status).toBe(200);
});

test.each([{ password: 'not this' }, { password: '' }, {}])(
  'with the password of %j nothing is mailed',
  async (proof) => {
    const owner = await newUser();
    const to = newAddress();
    const answer = await requestChange(owner, to, proof);
    expect([answer.status, answer.json?.code]).toEqual([400, 'INVALID_PASSWORD']);
    const links = await service.database.query('select 1 from mailed_link where email = $1', [to]);
    expect(links).toEqual([]);
  },
);

test('without a session: 401 with the reason', async () => {
  const answer = await requestChange(new MailVisitor(service), newAddress());
  expect(answer.status).toBe(401);
  expect(answer.headers.get('x-session-reason')).toBe('no_credential');
});

test('an account without a password needs a proof of the last ten minutes', async () => {
  const owner = await newUser();
  await service.database.query(
    `update account set password = null where user_id = (select id from "user" where email = $1)`,
    [owner.email],
  );
  expect((await requestChange(owner, newAddress(), {})).status).toBe(200);
  await service.database.query(
    `update session set proven_at = proven_at - interval '11 minutes'
     where user_id = (select id from "user" where email = $1)`,
    [owner.email],
  );
  const answer = await requestChange(owner, newAddress(), {});
  expect([answer.status, answer.json?.code]).toEqual([403, 'RECENT_SIGN_IN_REQUIRED']);
  expect(answer.json).toMatchObject({ reason: 'not_fresh', methods: [] });
});

test('the address of the account itself is refused', async () => {
  const owner = await newUser();
  const answer = await requestChange(owner, owner.email.toUpperCase());
  expect([answer.status, answer.json?.code]).toEqual([400, 'EMAIL_UNCHANGED']);
});

test('an address that has an account: the same answer, its owner is notified, and nothing can be redeemed', async () => {
  const owner = await newUser();
  const other = await newUser();
  const known = await requestChange(owner, other.email);
  const unknown = await requestChange(await newUser(), newAddress());
  // The password has renewed the session, under a new token.
  const withoutValues = ({ setCookies }: Answer) =>
    setCookies.map((line) => line.replace(/=[^;]*/, ''));
  expect([known.status, known.json, withoutValues(known)]).toEqual([
    unknown.status,
    unknown.json,
    withoutValues(unknown),
  ]);
  const [mail] = await service.mailsTo(other.email);
  expect(mail?.subject).toBe('You already have an account');
  expect(mail?.text).not.toContain('#');
  expect(await addressOf(owner)).toBe(owner.email);
});

test('an earlier link is replaced by a request for a known address as by any other: its fate reveals no account', async () => {
  const { owner, token } = await newLink();
  const other = await newUser();
  await requestChange(owner, other.email);
  const answer = await verify(owner, token);
  expect(answer.json).toMatchObject({ code: 'LINK_REPLACED' });
});

test('an address that got an account meanwhile: 409, and the link and the account stay as they are', async () => {
  const { owner, to, token } = await newLink();
  const body = { name: 'B', email: to, password: 'another-good-password-42' };
  await new MailVisitor(service).ask('/api/auth/sign-up/email', { body });
  const answer = await verify(owner, token);
  expect([answer.status, answer.json?.code]).toEqual([409, 'EMAIL_TAKEN']);
  expect(await addressOf(owner)).toBe(owner.email);
});

test('of two accounts that redeem links to one address at the same time, one gets it', async () => {
  const to = newAddress();
  const owners = [await newUser(), await newUser()];
  const tokens: string[] = [];
  for (const owner of owners) {
    await requestChange(owner, to);
    tokens.push(await service.tokenFor(to, tokens.length + 1));
  }
  const answers = await Promise.all(
    tokens.map((token, index) => verify(owners[index] as Visitor, token)),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect((await Promise.all(owners.map(addressOf))).filter((email) => email === to)).toHaveLength(
    1,
  );
});

test('of eight concurrent redeems one succeeds, and one notice is sent', async () => {
  const { owner, token } = await newLink();
  const body = { token, password: owner.password };
  const visitors = Array.from({ length: 8 }, () => new MailVisitor(service));
  const answers = await Promise.all(visitors.map((each) => each.ask(verifyPath, { body })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(400)]);
  const codes = answers.flatMap(({ json }) => json?.code ?? []);
  expect(codes).toEqual(Array(7).fill('LINK_USED'));
  const links = await service.database.query('select 1 from mailed_link where email = $1', [
    owner.email,
  ]);
  expect(links).toHaveLength(1);
});

test('another browser is refused without the password of the account, and the link stays valid', async () => {
  const { owner, to, token } = await newLink();
  const stranger = await newUser();
  const refused = await verify(stranger, token);
  expect([refused.status, refused.json?.code]).toEqual([403, 'LINK_WRONG_BROWSER']);
  const withPassword = (password: string) =>
    stranger.ask(verifyPath, { body: { token, password } });
  const wrong = await withPassword(stranger.password);
  expect([wrong.status, wrong.json?.code]).toEqual([400, 'INVALID_PASSWORD']);
  expect(await addressOf(owner)).toBe(owner.email);
  const answer = await withPassword(owner.password);
  expect([answer.status, answer.setCookies]).toEqual([200, []]);
  expect(await addressOf(owner)).toBe(to);
});

test('an account without a password needs a session of its own in the browser', async () => {
  const { owner, token } = await newLink();
  await service.database.query(
    `update account set password = null where user_id = (select id from "user" where email = $1)`,
    [owner.email],
  );
  const body = { token, password: owner.password };
  const elsewhere = await new MailVisitor(service).ask(verifyPath, { body });
  expect([elsewhere.status, elsewhere.json?.code]).toEqual([400, 'INVALID_PASSWORD']);
  expect((await verify(owner, token)).status).toBe(200);
});

test('a redeemed link cannot move the address again', async () => {
  const { owner, to, token } = await newLink();
  await verify(owner, token);
  await changeAddress(service, owner, newAddress());
  expect((await verify(owner, token)).json?.code).toBe('LINK_USED');
  expect(await addressOf(owner)).not.toBe(to);
});

test('a change ends links in the old mailbox, and a password reset or change of the password ends a pending change', async () => {
  const first = await newLink();
  const ask = (email: string) =>
    new MailVisitor(service).ask('/api/auth/request-password-reset', { body: { email } });
  const reset = (token: string) =>
    new MailVisitor(service).ask('/api/auth/reset-password', {
      body: { token, newPassword: 'another-good-password-42' },
    });
  await ask(first.owner.email);
  const old = await service.tokenFor(first.owner.email);
  await verify(first.owner, first.token);
  expect((await reset(old)).json?.code).toBe('LINK_REPLACED');

  const second = await newLink();
  await ask(second.owner.email);
  expect((await reset(await service.tokenFor(second.owner.email))).status).toBe(200);
  const answer = await verify(second.owner, second.token);
  expect(answer.json?.code).toBe('LINK_REPLACED');
});

test('one account mails six addresses in ten minutes at most; further requests have the same answer', async () => {
  const owner = await newUser();
  const addresses = Array.from({ length: 8 }, newAddress);
  for (const to of addresses) {
    await service.database.query(`delete from rate_limit where key like '%/change-email'`);
    expect((await requestChange(owner, to)).json).toEqual({ status: true });
  }
  await service.mailsTo(addresses[5] ?? '');
  const rows = await service.database.query(
    `select 1 from mail_outbox where state = 'limited' and template = 'change-email'
     and user_id = (select id from "user" where email = $1)`,
    [owner.email],
  );
  expect(rows).toHaveLength(2);
});

test.each(['HEAD', 'GET'])('%s of the link’s endpoint changes nothing', async (method) => {
  const { owner, token } = await newLink();
  for (const path of [verifyPath, '/api/auth/change-email/undo']) {
    const answer = await new MailVisitor(service).ask(`${path}?token=${token}`, { method });
    if (method === 'GET') expect(answer.status).toBe(302);
    expect(answer.setCookies).toEqual([]);
  }
  expect((await verify(owner, token)).status).toBe(200);
});

test.each(['verify-email', '/verify-email', 'verify%2Demail', 'verify-email/', 'verify-email//'])(
  'a token of BetterAuth’s own flow, signed with the secret, moves no address at %s',
  async (path) => {
    const owner = await newUser();
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const exp = Math.floor(Date.now() / 1000) + 600;
    const claims = { email: owner.email, updateTo: newAddress(), iat: exp - 600, exp };
    const signed = `${part({ alg: 'HS256' })}.${part(claims)}`;
    const signature = createHmac('sha256', testSecret).update(signed).digest('base64url');
    const answer = await owner.ask(`/api/auth/${path}?token=${signed}.${signature}`);
    expect(answer.status).toBe(404);
    expect(await addressOf(owner)).toBe(owner.email);
  },
);

test('without the feature no address can be changed', async () => {
  const off = await startMailingService();
  const visitor = new MailVisitor(off);
  await visitor.signUp();
  const body = { newEmail: newAddress(), password: visitor.password };
  expect((await visitor.ask('/api/auth/change-email', { body })).status).toBe(400);
  expect((await visitor.ask('/api/auth/change-email/verify', { body: {} })).status).toBe(404);
  expect(await addressOf(visitor)).toBe(visitor.email);
  expect((await visitor.ask('/api/auth/features')).json).not.toHaveProperty('features.changeEmail');
  await off.stop();
});

test('/api/auth/features says that it is offered, and the log has the outcomes', async () => {
  const { owner, token } = await newLink();
  const { json } = await owner.ask('/api/auth/features');
  expect(json).toMatchObject({ features: { changeEmail: true } });
  await verify(owner, token);
  for (const outcome of ['email_change_requested', 'email_changed'])
    await service.logLine((line) => line.outcome === outcome);
  expect(service.logText()).not.toContain(token);
});

test('an address with and one without an account cost the same statements', async () => {
  const owners = [await newUser(), await newUser(), await newUser()];
  const other = await newUser();
  await requestChange(owners[2] as Visitor, newAddress()); // prepares the statements
  const known = await recordStatements(service, () =>
    requestChange(owners[0] as Visitor, other.email),
  );
  const unknown = await recordStatements(service, () =>
    requestChange(owners[1] as Visitor, newAddress()),
  );
  expect(known.some((text) => text.includes('insert into "mailed_link"'))).toBe(true);
  expect(known).toEqual(unknown);
});
