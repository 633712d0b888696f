/** A mailed link signs in, and signs new addresses up, in the browser that asked for it. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findingCodes } from '../../support/configuration.js';
import {
  linkIn,
  MailVisitor,
  sitePage,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import { recordStatements } from '../../support/recorded-statements.js';
import type { Visitor } from '../../support/visitor.js';

const askPath = '/api/auth/sign-in/magic-link';
const verifyPath = '/api/auth/magic-link/verify';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({
    MAGIC_LINK: 'on',
    BEARER_TOKENS: 'on',
    EMAIL_VERIFICATION: 'required',
  });
});
afterAll(() => service.stop());

const ask = (visitor: Visitor, email = visitor.email, extra: object = {}) =>
  visitor.ask(askPath, { body: { email, ...extra } });

const redeem = (visitor: Visitor, token: string, extra: object = {}) =>
  visitor.ask(verifyPath, { body: { token, ...extra } });

/** A visitor who asked for a link, and its token. */
async function newLink(extra: object = {}): Promise<{ visitor: MailVisitor; token: string }> {
  const visitor = new MailVisitor(service);
  expect((await ask(visitor, visitor.email, extra)).json).toEqual({ status: true });
  return { visitor, token: await service.tokenFor(visitor.email) };
}

/** Signed in by a link, so with an account whose address is proven. */
async function newUser(): Promise<MailVisitor> {
  const { visitor, token } = await newLink();
  expect((await redeem(visitor, token)).status).toBe(200);
  return visitor;
}

const usersWith = (email: string) =>
  service.database.query('select * from "user" where email = $1', [email]);

/** A browser with the same cookies, as another tab. */
function tabOf(visitor: Visitor): MailVisitor {
  const tab = new MailVisitor(service);
  for (const [name, value] of visitor.cookies) tab.cookies.set(name, value);
  return tab;
}

describe('sign-up', () => {
  test('an unknown address becomes an account when the link is redeemed, not before', async () => {
    const { visitor, token } = await newLink({ name: 'Ada' });
    expect(linkIn((await service.mailsTo(visitor.email))[0]).page).toBe(sitePage);
    expect(await usersWith(visitor.email)).toEqual([]);
    const answer = await redeem(visitor, token);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      token: expect.any(String) as string,
      user: { email: visitor.email, name: 'Ada', emailVerified: true },
    });
    expect(answer.headers.get('set-auth-token')).toMatch(/^[\w-]+\./);
    expect((await visitor.ask('/session')).json).toMatchObject({ user: { emailVerified: true } });
  });

  test('two browsers that redeem links of one new address at once get one account', async () => {
    const first = new MailVisitor(service);
    const second = new MailVisitor(service);
    await ask(first);
    const token = await service.tokenFor(first.email);
    await ask(second, first.email);
    const other = await service.tokenFor(first.email, 2);
    const answers = await Promise.all([redeem(first, token), redeem(second, other)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await usersWith(first.email)).toHaveLength(1);
  });

  test('where the profile has required fields, the mail says that an account is needed first', async () => {
    const strict = await startMailingService({
      MAGIC_LINK: 'on',
      EMAIL_CODE: 'on',
      PROFILE_SCHEMA:
        '{"type":"object","properties":{"background":{"type":"string"}},"required":["background"]}',
    });
    try {
      const visitor = new MailVisitor(strict);
      expect((await ask(visitor)).json).toEqual({ status: true });
      const codePath = '/api/auth/email-otp/send-verification-otp';
      const body = { email: visitor.email, type: 'sign-in' };
      expect((await visitor.ask(codePath, { body })).json).toEqual({ success: true });
      for (const mail of await strict.mailsTo(visitor.email, 2)) {
        expect(mail.subject).toBe('There is no account with this address');
        expect(mail.text).not.toContain('magic_link');
      }
    } finally {
      await strict.stop();
    }
  });
});

test('an account with a password keeps it, and the response is that of a sign-in', async () => {
  const owner = await newUser();
  const { email, password } = owner;
  await owner.ask('/api/auth/request-password-reset', { body: { email } });
  const reset = await service.tokenFor(email, 2);
  await owner.ask('/api/auth/reset-password', { body: { token: reset, newPassword: password } });
  const device = new MailVisitor(service);
  await ask(device, email);
  const answer = await redeem(device, await service.tokenFor(email, 4));
  expect(Object.keys(answer.json ?? {})).toEqual(['token', 'user']);
  expect(answer.status).toBe(200);
  expect((await owner.ask('/session')).status).toBe(200);
  expect((await owner.signIn()).status).toBe(200);
});

test('what somebody else planted before the address was proven goes, and a mail says so', async () => {
  const attacker = new MailVisitor(service);
  await attacker.signUp();
  const { email } = attacker;
  await service.mailsTo(email);
  await service.database.query(
    `with planted as (select id from "user" where email = $1),
     linked as (insert into account (id, account_id, provider_id, user_id)
       select 'planted-' || id, id, 'github', id from planted),
     live as (insert into session (id, token, user_id, expires_at, updated_at)
       select 'planted-' || id, 'planted-' || id, id, now() + interval '1 day', now() from planted)
     insert into mailed_link (id, purpose, user_id, created_at, expires_at)
       select 'planted-' || id, 'change_email', id, now(), now() + interval '1 hour' from planted`,
    [email],
  );
  const owner = new MailVisitor(service);
  await ask(owner, email);
  expect((await redeem(owner, await service.tokenFor(email, 2))).status).toBe(200);
  expect((await attacker.signIn()).status).toBe(401);
  const [left] = await service.database.query(
    `select (select count(*)::int from account where user_id = u.id) as accounts,
       (select count(*)::int from session where user_id = u.id) as sessions,
       (select count(*)::int from mailed_link where user_id = u.id and used_at is null and replaced_at is null) as links,
       email_verified
     from "user" u where email = $1`,
    [email],
  );
  expect(left).toEqual({ accounts: 0, sessions: 1, links: 0, email_verified: true });
  const mail = (await service.mailsTo(email, 3)).at(-1);
  expect(mail?.subject).toBe('The password of your account was removed');
});

test('known and unknown addresses have the same response and cost the same statements', async () => {
  const owner = await newUser();
  const [first, second] = [new MailVisitor(service), new MailVisitor(service)];
  const answers = [await ask(first, owner.email), await ask(second)];
  const [known, unknown] = answers.map(({ status, json, setCookies }) => ({
    status,
    json,
    cookies: setCookies.map((line) => line.replace(/=[\w-]{43}/, '=…')),
  }));
  expect(known).toEqual(unknown);
  const emails = [owner.email, new MailVisitor(service).email];
  const statements = [];
  for (const email of emails) {
    const visitor = new MailVisitor(service);
    statements.push(await recordStatements(service, () => ask(visitor, email)));
  }
  expect(statements[0]?.length).toBeGreaterThan(3);
  expect(statements[0]).toEqual(statements[1]);
});

describe('the browser that asked', () => {
  test('another browser is refused as LINK_WRONG_BROWSER, and the link stays valid', async () => {
    const { visitor, token } = await newLink();
    const refused = await redeem(new MailVisitor(service), token);
    expect([refused.status, refused.json?.code]).toEqual([403, 'LINK_WRONG_BROWSER']);
    expect(refused.json?.message).toContain('asked for the link');
    expect(refused.setCookies).toEqual([]);
    expect((await redeem(visitor, token)).status).toBe(200);
  });

  test('a page whose browser refuses cookies keeps a verifier instead', async () => {
    const verifier = randomBytes(32).toString('base64url');
    const codeChallenge = createHash('sha256').update(verifier).digest('base64url');
    const { visitor, token } = await newLink({ codeChallenge });
    expect(visitor.cookies.size).toBe(0);
    const wrong = await redeem(visitor, token, { codeVerifier: codeChallenge });
    expect(wrong.json?.code).toBe('LINK_WRONG_BROWSER');
    expect((await redeem(visitor, token, { codeVerifier: verifier })).status).toBe(200);
  });

  test('an invalid challenge is refused by name, and no mail is written', async () => {
    const visitor = new MailVisitor(service);
    const answer = await ask(visitor, visitor.email, { codeChallenge: 'short' });
    expect(answer.json).toMatchObject({ code: 'INVALID_FIELD', field: 'codeChallenge' });
  });

  test('a newer link replaces the one of the same browser', async () => {
    const { visitor, token } = await newLink();
    await ask(visitor);
    const newer = await service.tokenFor(visitor.email, 2);
    expect((await redeem(visitor, token)).json?.code).toBe('LINK_REPLACED');
    expect((await redeem(visitor, newer)).status).toBe(200);
  });

  test('a link that another browser asks for does not replace it', async () => {
    const { visitor, token } = await newLink();
    const attacker = new MailVisitor(service);
    await ask(attacker, visitor.email);
    await service.mailsTo(visitor.email, 2);
    expect((await redeem(visitor, token)).status).toBe(200);
  });
});

test('of eight concurrent redeems one succeeds, and the others are refused as used', async () => {
  const { visitor, token } = await newLink();
  const tabs = Array.from({ length: 8 }, () => tabOf(visitor));
  const answers = await Promise.all(tabs.map((tab) => redeem(tab, token)));
  const codes = answers.map(({ status, json }) => json?.code ?? status).sort();
  expect(codes).toEqual([200, ...Array<string>(7).fill('LINK_USED')]);
  const sessions = await service.database.query(
    'select 1 from session s join "user" u on u.id = s.user_id where email = $1',
    [visitor.email],
  );
  expect(sessions).toHaveLength(1);
});

test.each([
  ['LINK_EXPIRED', "expires_at = now() - interval '1 second'"],
  ['LINK_REPLACED', 'replaced_at = now()'],
])('a link is refused as %s, with a log line that has the reason', async (code, change) => {
  const { visitor, token } = await newLink();
  await service.database.query(
    `update mailed_link set ${change} where id = (select link_id from magic_link where email = $1)`,
    [visitor.email],
  );
  expect((await redeem(visitor, token)).json?.code).toBe(code);
  const reason = code.slice('LINK_'.length).toLowerCase();
  const line = await service.logLine(
    ({ msg, link, ...fields }) =>
      msg === 'mailed link refused' && link === 'magic_link' && fields.reason === reason,
  );
  expect(JSON.stringify(line)).not.toContain('address:');
});

test('a link whose account was deleted meanwhile signs nobody in and creates no account', async () => {
  const owner = await newUser();
  await ask(owner);
  const token = await service.tokenFor(owner.email, 2);
  await service.database.query('delete from "user" where email = $1', [owner.email]);
  expect((await redeem(owner, token)).json?.code).toBe('LINK_UNKNOWN');
  expect(await usersWith(owner.email)).toEqual([]);
});

test.each(['HEAD', 'GET'])(
  '%s twice, as mail scanners do, changes nothing; the POST works',
  async (method) => {
    const { visitor, token } = await newLink();
    const scanner = new MailVisitor(service);
    for (let times = 0; times < 2; times += 1) {
      const url = `${verifyPath}?token=${token}&callbackURL=/`;
      const answer = await scanner.ask(url, { method, origin: null });
      expect(answer.setCookies).toEqual([]);
      if (method === 'HEAD') continue;
      expect(answer.status).toBe(302);
      const page = `http://localhost:3001/confirm#magic_link=${token}`;
      expect(answer.headers.get('location')).toBe(page);
    }
    expect(await usersWith(visitor.email)).toEqual([]);
    expect((await redeem(visitor, token)).status).toBe(200);
  },
);

test('four requests send three mails, answer alike and leave the newest mailed link valid', async () => {
  const { visitor } = await newLink();
  for (let more = 0; more < 3; more += 1) {
    expect((await ask(visitor)).json).toEqual({ status: true });
  }
  const newest = await service.tokenFor(visitor.email, 3);
  expect((await redeem(visitor, newest)).status).toBe(200);
});

test('the token is stored as a hash and in no log line, and the attempt is logged as a sign-in', async () => {
  const { visitor, token } = await newLink();
  const { headers } = await redeem(visitor, token);
  const rows = await service.database.query('select * from mailed_link join magic_link on true');
  expect(JSON.stringify(rows)).not.toContain(token);
  const requestId = headers.get('x-request-id');
  const line = await service.logLine((each) => each.requestId === requestId && !!each.outcome);
  const [owner] = await usersWith(visitor.email);
  expect(line).toMatchObject({ outcome: 'signed_in', userId: owner?.id });
  expect(service.logText()).not.toContain(token);
});

test('the new session replaces the one of this browser', async () => {
  const owner = await newUser();
  const old = tabOf(owner);
  await ask(owner);
  expect((await redeem(owner, await service.tokenFor(owner.email, 2))).status).toBe(200);
  expect((await old.ask('/session')).status).toBe(401);
  expect((await owner.ask('/session')).status).toBe(200);
});

test('a browser that wanted a session without remembering keeps that', async () => {
  const owner = await newUser();
  const { email, password } = owner;
  await owner.ask('/api/auth/request-password-reset', { body: { email } });
  const reset = await service.tokenFor(email, 2);
  await owner.ask('/api/auth/reset-password', { body: { token: reset, newPassword: password } });
  const browser = new MailVisitor(service);
  const body = { email, password, rememberMe: false };
  await browser.ask('/api/auth/sign-in/email', { body });
  await ask(browser, email);
  const { setCookies } = await redeem(browser, await service.tokenFor(email, 4));
  const [session] = setCookies.filter((line) => line.includes('session_token='));
  expect(session).not.toContain('Max-Age');
  expect([...browser.cookies.keys()].join()).toContain('dont_remember');
});

test('/api/auth/features says that it is offered', async () => {
  const { json } = await new MailVisitor(service).ask('/api/auth/features');
  expect(json).toMatchObject({ features: { magicLink: true } });
});

test('the mail is in German for a browser that asks for it', async () => {
  const visitor = new MailVisitor(service);
  const body = { email: visitor.email };
  await visitor.ask(askPath, { body, headers: { 'accept-language': 'de-AT,de;q=0.9' } });
  expect((await service.mailsTo(visitor.email))[0]?.subject).toBe('Ihr Link zur Anmeldung');
});

test('without a mail transport the start is refused by name; off is the default', () => {
  expect(findingCodes({ MAGIC_LINK: 'on' })).toEqual(['error MAGIC_LINK_WITHOUT_MAIL MAGIC_LINK']);
  expect(findingCodes({})).toEqual([]);
});
