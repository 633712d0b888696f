/** A forgotten password is replaced with a mailed link, in a real mail, over HTTP. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  linkIn,
  MailVisitor,
  sitePage,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import type { Visitor } from '../../support/visitor.js';

const newPassword = 'another-good-password-42';
const askPath = '/api/auth/request-password-reset';
const redeemPath = '/api/auth/reset-password';

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

/** From another network each time: the limit by address must not hide what is tested. */
const ask = (visitor: Visitor) =>
  new MailVisitor(service).ask(askPath, { body: { email: visitor.email } });

const redeem = (visitor: Visitor, token: string, password = newPassword) =>
  visitor.ask(redeemPath, { body: { token, newPassword: password } });

/** A user who asked for a link, and its token. */
async function newLink(): Promise<{ owner: Visitor; token: string }> {
  const owner = await newUser();
  await ask(owner);
  return { owner, token: await service.tokenFor(owner.email) };
}

const newTab = () => new MailVisitor(service);

test('the link leads to the page of the site that asked, and its POST signs in', async () => {
  const { owner, token } = await newLink();
  const [mail] = await service.mailsTo(owner.email);
  expect(linkIn(mail).page).toBe(sitePage);
  const visitor = newTab();
  const answer = await redeem(visitor, token);
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({
    token: expect.any(String) as string,
    user: { email: owner.email },
  });
  expect((await visitor.ask('/session')).json).toMatchObject({ user: { email: owner.email } });
  expect((await owner.signIn()).status).toBe(401);
  expect((await owner.signIn(newPassword)).status).toBe(200);
});

test('known and unknown addresses have the same answer and the same statements; only the known one gets a mail', async () => {
  const owner = await newUser();
  const unknown = new MailVisitor(service);
  const answers = [await ask(owner), await ask(unknown)];
  expect(answers.map(({ status, json }) => ({ status, json }))).toEqual([
    { status: 200, json: { status: true } },
    { status: 200, json: { status: true } },
  ]);
  const rows = await service.database.query(
    'select state from mail_outbox order by created_at desc limit 2',
  );
  expect(rows.map(({ state }) => state)).toContain('decoy');
  await service.mailsTo(owner.email);
  expect(JSON.stringify(service.mailServer.mails)).not.toContain(unknown.email);
});

test('the token is stored as a hash, and is in no log line', async () => {
  const { token } = await newLink();
  const rows = await service.database.query('select * from mailed_link');
  expect(JSON.stringify(rows)).not.toContain(token);
  expect(service.logText()).not.toContain(token);
});

test('of eight concurrent redeems one succeeds, and the others are refused as used', async () => {
  const { owner, token } = await newLink();
  const visitors = Array.from({ length: 8 }, () => new MailVisitor(service));
  const answers = await Promise.all(visitors.map((visitor) => redeem(visitor, token)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(400)]);
  const codes = answers.flatMap(({ json }) => json?.code ?? []);
  expect(codes).toEqual(Array(7).fill('LINK_USED'));
  const sessions = await service.database.query(
    'select 1 from session s join "user" u on u.id = s.user_id where email = $1',
    [owner.email],
  );
  expect(sessions).toHaveLength(1);
});

test.each([
  ['LINK_USED', 'used_at = now()'],
  ['LINK_REPLACED', 'replaced_at = now()'],
  ['LINK_EXPIRED', "expires_at = now() - interval '1 second'"],
])('a link is refused as %s, with a log line that has the reason', async (code, change) => {
  const { owner, token } = await newLink();
  await service.database.query(
    `update mailed_link set ${change} where user_id = (select id from "user" where email = $1)`,
    [owner.email],
  );
  const answer = await redeem(newTab(), token);
  expect([answer.status, answer.json?.code]).toEqual([400, code]);
  expect(answer.setCookies).toEqual([]);
  const reason = code.slice('LINK_'.length).toLowerCase();
  await service.logLine((line) => line.msg === 'mailed link refused' && line.reason === reason);
  expect((await owner.signIn()).status).toBe(200);
});

test('a made-up token and a token of another purpose are refused as LINK_UNKNOWN', async () => {
  const { token } = await newLink();
  await service.database.query(`update mailed_link set purpose = 'verify_email'`);
  for (const wrong of [token, 'x'.repeat(43), '', 'a b']) {
    expect((await redeem(newTab(), wrong)).json).toMatchObject({ code: 'LINK_UNKNOWN' });
  }
});

test('a newer link replaces the older one', async () => {
  const { owner, token } = await newLink();
  await ask(owner);
  const newer = await service.tokenFor(owner.email, 2);
  expect((await redeem(newTab(), token)).json).toMatchObject({ code: 'LINK_REPLACED' });
  expect((await redeem(newTab(), newer)).status).toBe(200);
});

test('requests beyond the limit send no mail and leave the last mailed link valid', async () => {
  const { owner } = await newLink();
  for (let more = 0; more < 4; more += 1) {
    expect((await ask(owner)).json).toEqual({ status: true });
  }
  const newest = await service.tokenFor(owner.email, 3);
  expect((await redeem(newTab(), newest)).status).toBe(200);
  await service.mailsTo(owner.email, 4); // three links and the notice
  const states = await service.database.query("select 1 from mail_outbox where state = 'limited'");
  expect(states).toHaveLength(2);
});

test('a reset ends all sessions, other links and trusted devices, and marks the address proven', async () => {
  const owner = await newUser();
  const device = new MailVisitor(service);
  await device.ask('/api/auth/sign-in/email', {
    body: { email: owner.email, password: owner.password },
  });
  await ask(owner);
  const token = await service.tokenFor(owner.email);
  const [user] = await service.database.query<{ id: string }>(
    `with owner as (select id from "user" where email = $1),
     link as (insert into mailed_link (id, purpose, user_id, created_at, expires_at)
       select 'other-' || id, 'magic_link', id, now(), now() + interval '1 hour' from owner),
     device as (insert into verification (id, identifier, value, expires_at)
       select 'device-' || id, 'trust-device-' || id, id, now() + interval '1 day' from owner)
     select id from owner`,
    [owner.email],
  );
  expect((await redeem(newTab(), token)).status).toBe(200);
  for (const visitor of [owner, device]) expect((await visitor.ask('/session')).status).toBe(401);
  const [after] = await service.database.query(
    `select email_verified,
       (select count(*)::int from verification where value = $1) as devices,
       (select count(*)::int from mailed_link where user_id = $1 and used_at is null and replaced_at is null) as links
     from "user" where id = $1`,
    [user?.id],
  );
  expect(after).toEqual({ email_verified: true, devices: 0, links: 0 });
});

test('a provider account that was linked before the address was proven is removed', async () => {
  const { owner, token } = await newLink();
  await service.database.query(
    `insert into account (id, account_id, provider_id, user_id)
     select 'planted-' || id, id, 'github', id from "user" where email = $1`,
    [owner.email],
  );
  expect((await redeem(newTab(), token)).status).toBe(200);
  const accounts = await service.database.query(
    'select provider_id from account a join "user" u on u.id = a.user_id where email = $1',
    [owner.email],
  );
  expect(accounts).toEqual([{ provider_id: 'credential' }]);
});

test('the owner gets a mail that it happened', async () => {
  const { owner, token } = await newLink();
  await redeem(newTab(), token);
  const [, notice] = await service.mailsTo(owner.email, 2);
  expect(notice?.subject).toBe('Your password was changed');
});

test('a mail is in German for a browser that asks for it', async () => {
  const owner = await newUser();
  const headers = { 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' };
  await owner.ask(askPath, { body: { email: owner.email }, headers });
  expect((await service.mailsTo(owner.email))[0]?.subject).toBe('Neues Passwort wählen');
});

test.each(['HEAD', 'GET'])(
  '%s of the link’s endpoint changes nothing and leads to the page',
  async (method) => {
    const { token } = await newLink();
    const scanner = new MailVisitor(service);
    for (let times = 0; times < 2; times += 1) {
      const answer = await scanner.ask(`${redeemPath}?token=${token}`, { method, origin: null });
      if (method === 'GET') {
        expect(answer.status).toBe(302);
        expect(answer.headers.get('location')).toBe(
          `http://localhost:3001/confirm#reset_password=${token}`,
        );
      }
      expect(answer.setCookies).toEqual([]);
    }
    expect((await redeem(newTab(), token)).status).toBe(200);
  },
);

test('BetterAuth’s own GET with the token in the path does not exist', async () => {
  const { token } = await newLink();
  const answer = await newTab().ask(`${redeemPath}/${token}?callbackURL=/`);
  expect(answer.status).toBe(404);
});

test('a short or common password is refused and leaves the link valid', async () => {
  const { token } = await newLink();
  const visitor = newTab();
  expect((await redeem(visitor, token, 'short')).json?.code).toBe('PASSWORD_TOO_SHORT');
  expect((await redeem(visitor, token, 'password123')).json?.code).toBe('PASSWORD_TOO_COMMON');
  expect((await redeem(visitor, token)).status).toBe(200);
});

test('a page of another origin is refused', async () => {
  const { token } = await newLink();
  const answer = await new MailVisitor(service, 'https://evil.example').ask(redeemPath, {
    body: { token, newPassword },
  });
  expect(answer.json?.code).toBe('INVALID_ORIGIN');
});

test('/api/auth/features says that it is offered', async () => {
  const { status, json } = await new MailVisitor(service).ask('/api/auth/features');
  const deleteAccount = { graceDays: 0, byMail: true }; // on wherever mail can be sent, too
  expect([status, json]).toEqual([
    200,
    { features: { passwordReset: true, deleteAccount, sitePage } },
  ]);
});

test('a class behind one address asks for links within a minute, as far as RATE_LIMIT_SIGN_IN_PER_ADDRESS allows', async () => {
  const limited = await startMailingService({ RATE_LIMIT_SIGN_IN_PER_ADDRESS: '5/10s' });
  try {
    const school = new MailVisitor(limited);
    const ask = (email: string) =>
      school.ask('/api/auth/request-password-reset', { body: { email } });
    for (let pupil = 1; pupil <= 5; pupil += 1) {
      expect((await ask(`pupil-${pupil}@example.com`)).status).toBe(200);
    }
    expect((await ask('pupil-6@example.com')).status).toBe(429);
    const line = await limited.logLine(({ status }) => status === 429);
    expect(line.variable).toBe('RATE_LIMIT_SIGN_IN_PER_ADDRESS');
  } finally {
    await limited.stop();
  }
});
