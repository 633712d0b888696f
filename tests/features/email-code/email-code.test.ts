/** A mailed code of six digits signs in, and signs new addresses up, in the browser that asked for it. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findingCodes } from '../../support/configuration.js';
import {
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import { recordStatements } from '../../support/recorded-statements.js';
import { createTestDatabase } from '../../support/test-database.js';
import { testSecret } from '../../support/test-service.js';
import type { Visitor } from '../../support/visitor.js';

const askPath = '/api/auth/email-otp/send-verification-otp';
const redeemPath = '/api/auth/sign-in/email-otp';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({
    EMAIL_CODE: 'on',
    BEARER_TOKENS: 'on',
    EMAIL_VERIFICATION: 'required',
  });
});
afterAll(() => service.stop());

const ask = (visitor: Visitor, email = visitor.email, extra: object = {}) =>
  visitor.ask(askPath, { body: { email, type: 'sign-in', ...extra } });

const redeem = (visitor: Visitor, otp: string, extra: object = {}) =>
  visitor.ask(redeemPath, { body: { email: visitor.email, otp, ...extra } });

async function codeFor(email: string, count = 1, from = service): Promise<string> {
  const mail = (await from.mailsTo(email, count)).at(-1);
  const code = /\b\d{6}\b/.exec(mail?.text ?? '')?.[0];
  if (code === undefined) throw new Error('the mail has no code');
  return code;
}

/** A visitor who asked for a code, and the code. */
async function newCode(extra: object = {}): Promise<{ visitor: MailVisitor; code: string }> {
  const visitor = new MailVisitor(service);
  expect((await ask(visitor, visitor.email, extra)).json).toEqual({ success: true });
  return { visitor, code: await codeFor(visitor.email) };
}

async function newUser(): Promise<MailVisitor> {
  const { visitor, code } = await newCode();
  expect((await redeem(visitor, code)).status).toBe(200);
  return visitor;
}

/** A code that is not this one. */
const wrong = (code: string, by = 1) => String((Number(code) + by) % 1_000_000).padStart(6, '0');

const usersWith = (email: string) =>
  service.database.query('select * from "user" where email = $1', [email]);

/** A browser with the same cookies, as another tab. */
function tabOf(visitor: Visitor): MailVisitor {
  const tab = new MailVisitor(service);
  for (const [name, value] of visitor.cookies) tab.cookies.set(name, value);
  return Object.assign(tab, { email: visitor.email });
}

/** Another browser that enters a code for the visitor's address. */
const strangerFor = (visitor: Visitor) =>
  Object.assign(new MailVisitor(service), { email: visitor.email });

test('an unknown address becomes an account when the code is redeemed, not before', async () => {
  const { visitor, code } = await newCode();
  expect(await usersWith(visitor.email)).toEqual([]);
  const answer = await redeem(visitor, code);
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({
    token: expect.any(String) as string,
    user: { email: visitor.email, emailVerified: true },
  });
  expect(answer.headers.get('set-auth-token')).toMatch(/^[\w-]+\./);
  expect((await visitor.ask('/session')).status).toBe(200);
  const requestId = answer.headers.get('x-request-id');
  const line = await service.logLine((each) => each.requestId === requestId && !!each.outcome);
  expect(line.outcome).toBe('signed_in');
});

test('what somebody else planted before the address was proven goes', async () => {
  const attacker = new MailVisitor(service);
  await attacker.signUp();
  await service.mailsTo(attacker.email);
  const owner = strangerFor(attacker);
  await ask(owner);
  expect((await redeem(owner, await codeFor(owner.email, 2))).status).toBe(200);
  expect((await attacker.signIn()).status).toBe(401);
  expect((await service.mailsTo(owner.email, 3)).at(-1)?.subject).toContain('was removed');
});

test('known and unknown addresses have the same response and cost the same statements', async () => {
  const owner = await newUser();
  const statements = [];
  for (const email of [owner.email, new MailVisitor(service).email]) {
    const visitor = new MailVisitor(service);
    statements.push(
      await recordStatements(service, async () => {
        const { status, json } = await ask(visitor, email);
        expect([status, json]).toEqual([200, { success: true }]);
      }),
    );
  }
  expect(statements[0]?.length).toBeGreaterThan(3);
  expect(statements[0]).toEqual(statements[1]);
});

describe('tries', () => {
  test('a wrong code says how many tries are left; after five even the right one is refused', async () => {
    const { visitor, code } = await newCode();
    for (const triesLeft of [4, 3, 2, 1, 0]) {
      const answer = await redeem(visitor, wrong(code, triesLeft + 1));
      expect(answer.status).toBe(400);
      expect(answer.json).toMatchObject({ code: 'CODE_WRONG', triesLeft });
    }
    const answer = await redeem(visitor, code);
    expect([answer.status, answer.json?.code]).toEqual([403, 'CODE_TRIES_EXCEEDED']);
    expect(await usersWith(visitor.email)).toEqual([]);
  });

  test('eight concurrent wrong codes count as eight', async () => {
    const { visitor, code } = await newCode();
    const tabs = Array.from({ length: 8 }, () => tabOf(visitor));
    const answers = await Promise.all(
      tabs.map((tab, index) => redeem(tab, wrong(code, index + 1))),
    );
    const results = answers.map(({ json }) => json?.triesLeft ?? json?.code).sort();
    expect(results).toEqual([0, 1, 2, 3, 4, ...Array<string>(3).fill('CODE_TRIES_EXCEEDED')]);
  });

  test('eight concurrent right codes give one session', async () => {
    const { visitor, code } = await newCode();
    const tabs = Array.from({ length: 8 }, () => tabOf(visitor));
    const answers = await Promise.all(tabs.map((tab) => redeem(tab, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const codes = new Set(answers.flatMap(({ json }) => json?.code ?? []));
    codes.delete('CODE_TRIES_EXCEEDED'); // more at once than there are tries
    expect([...codes]).toEqual(['CODE_USED']);
    const sessions = await service.database.query(
      'select 1 from session s join "user" u on u.id = s.user_id where email = $1',
      [visitor.email],
    );
    expect(sessions).toHaveLength(1);
  });

  test('a new code brings no new tries, and none is mailed while no try is left', async () => {
    const { visitor, code } = await newCode();
    for (const by of [1, 2, 3]) await redeem(visitor, wrong(code, by));
    await ask(visitor);
    const newer = await codeFor(visitor.email, 2);
    expect((await redeem(visitor, wrong(newer))).json).toMatchObject({ triesLeft: 1 });
    await redeem(visitor, wrong(newer, 2));
    const refused = await ask(visitor);
    expect([refused.status, refused.json?.code]).toEqual([403, 'CODE_TRIES_EXCEEDED']);
    await service.database.query(
      `update rate_limit set last_request = last_request - 600000 where key like 'code|%'`,
    );
    expect((await redeem(visitor, newer)).status).toBe(200);
  });

  test('guesses in other browsers cost the owner no try, and do not sign in with the right code', async () => {
    const { visitor, code } = await newCode();
    const stranger = strangerFor(visitor);
    for (const guess of [code, ...[1, 2, 3, 4, 5].map((by) => wrong(code, by))]) {
      const answer = await redeem(stranger, guess);
      expect([answer.status, answer.json?.code]).toEqual([403, 'CODE_WRONG_BROWSER']);
    }
    const attacker = strangerFor(visitor);
    await ask(attacker);
    const other = await codeFor(visitor.email, 2);
    const guesses = [1, 2, 3, 4, 5, 6].map((by) => wrong(other, by)).filter((one) => one !== code);
    for (const guess of guesses.slice(0, 5)) {
      expect((await redeem(attacker, guess)).json?.code).toBe('CODE_WRONG');
    }
    expect((await redeem(attacker, other)).json?.code).toBe('CODE_TRIES_EXCEEDED');
    expect((await redeem(visitor, code)).status).toBe(200);
  });
});

test('four requests send three mails, answer alike and leave the newest mailed code valid', async () => {
  const { visitor, code } = await newCode();
  for (let more = 0; more < 3; more += 1) {
    expect((await ask(visitor)).json).toEqual({ success: true });
  }
  const newest = await codeFor(visitor.email, 3);
  expect((await redeem(visitor, code)).json?.code).toBe('CODE_REPLACED');
  expect((await redeem(visitor, newest)).status).toBe(200);
  const limited = "select 1 from mail_outbox where state = 'limited' and template = 'email-code'";
  expect(await service.database.query(limited)).toHaveLength(1);
});

test('a page whose browser refuses cookies keeps a verifier instead', async () => {
  const verifier = randomBytes(32).toString('base64url');
  const codeChallenge = createHash('sha256').update(verifier).digest('base64url');
  const { visitor, code } = await newCode({ codeChallenge });
  expect(visitor.cookies.size).toBe(0);
  const other = await redeem(visitor, code, { codeVerifier: codeChallenge });
  expect(other.json?.code).toBe('CODE_WRONG_BROWSER');
  expect((await redeem(visitor, code, { codeVerifier: verifier })).status).toBe(200);
});

test.each([
  ['CODE_USED', 'used_at = now()'],
  ['CODE_REPLACED', 'replaced_at = now()'],
  ['CODE_EXPIRED', "expires_at = now() - interval '1 second'"],
])('a code is refused as %s, with a log line that has the reason', async (expected, change) => {
  const { visitor, code } = await newCode();
  const id = `address:${createHash('sha256').update(visitor.email).digest('base64url')}`;
  await service.database.query(`update mailed_link set ${change} where user_id = $1`, [id]);
  const answer = await redeem(visitor, code);
  expect([answer.status, answer.json?.code]).toEqual([400, expected]);
  const reason = expected.slice('CODE_'.length).toLowerCase();
  await service.logLine(
    ({ msg, link, ...fields }) =>
      msg === 'mailed link refused' && link === 'email_code' && fields.reason === reason,
  );
});

test('an address without a code is refused as CODE_UNKNOWN, and what is not six digits as invalid', async () => {
  const visitor = new MailVisitor(service);
  expect((await redeem(visitor, '123456')).json?.code).toBe('CODE_UNKNOWN');
  for (const otp of ['12345', '1234567', 'abcdef', '']) {
    expect((await redeem(visitor, otp)).json?.code).toBe('VALIDATION_ERROR');
  }
});

test('codes of other kinds are not offered', async () => {
  const visitor = new MailVisitor(service);
  const answer = await ask(visitor, visitor.email, { type: 'forget-password' });
  expect([answer.status, answer.json?.code]).toEqual([400, 'VALIDATION_ERROR']);
});

test('a password reset ends the codes of the account', async () => {
  const owner = await newUser();
  const { email, password } = owner;
  await ask(owner);
  const code = await codeFor(email, 2);
  await owner.ask('/api/auth/request-password-reset', { body: { email } });
  const token = await service.tokenFor(email, 3);
  await owner.ask('/api/auth/reset-password', { body: { token, newPassword: password } });
  expect((await redeem(owner, code)).json?.code).toBe('CODE_REPLACED');
});

test('a copy of the database reveals no code: it is an HMAC, and in no log line', async () => {
  const { visitor, code } = await newCode();
  await redeem(visitor, code);
  const rows = await service.database.query<{ id: string }>(
    "select id from mailed_link where purpose = 'email_code'",
  );
  const [salt = '', stored] = rows.at(-1)?.id.split('.') ?? [];
  for (const text of [code, salt + code, `${salt}.${code}`]) {
    expect(createHash('sha256').update(text).digest('base64url')).not.toBe(stored);
  }
  expect(service.logText()).not.toContain(`"${code}"`);
});

test('a code stays valid while the secret is rotated', async () => {
  const testDatabase = await createTestDatabase();
  const start = (env: Record<string, string | undefined>) =>
    startMailingService({ EMAIL_CODE: 'on', ...env }, { testDatabase });
  const before = await start({});
  const visitor = new MailVisitor(before);
  await ask(visitor);
  const code = await codeFor(visitor.email, 1, before);
  await before.stop();
  const after = await start({
    BETTER_AUTH_SECRET: undefined,
    BETTER_AUTH_SECRETS: `2:another-secret-that-is-long-enough-9876543210,1:${testSecret}`,
  });
  try {
    const later = Object.assign(new MailVisitor(after), { email: visitor.email });
    for (const [name, value] of visitor.cookies) later.cookies.set(name, value);
    expect((await redeem(later, code)).status).toBe(200);
  } finally {
    await after.stop();
    await testDatabase.drop();
  }
});

test('requests and redeems are limited per network address, and the log names the variable', async () => {
  const limited = await startMailingService({
    EMAIL_CODE: 'on',
    MAGIC_LINK: 'on',
    RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1/1m',
  });
  try {
    const visitor = new MailVisitor(limited);
    const { email } = visitor;
    const bodies = {
      [askPath]: { email, type: 'sign-in' },
      [redeemPath]: { email, otp: '123456' },
      '/api/auth/sign-in/magic-link': { email },
      '/api/auth/magic-link/verify': { token: 'x'.repeat(43) },
    };
    for (const [path, body] of Object.entries(bodies)) {
      expect((await visitor.ask(path, { body })).status).not.toBe(429);
      const second = await visitor.ask(path, { body });
      expect(second.status).toBe(429);
      const requestId = second.headers.get('x-request-id');
      const line = await limited.logLine((each) => each.requestId === requestId && !!each.limit);
      expect(line.variable).toBe('RATE_LIMIT_SIGN_IN_PER_ADDRESS');
    }
  } finally {
    await limited.stop();
  }
});

test('/api/auth/features says that it is offered', async () => {
  const { json } = await new MailVisitor(service).ask('/api/auth/features');
  expect(json).toMatchObject({ features: { emailCode: true } });
});

test('the mail is in German for a browser that asks for it', async () => {
  const visitor = new MailVisitor(service);
  const body = { email: visitor.email, type: 'sign-in' };
  await visitor.ask(askPath, { body, headers: { 'accept-language': 'de-AT,de;q=0.9' } });
  expect((await service.mailsTo(visitor.email))[0]?.subject).toBe('Ihr Code zur Anmeldung');
});

test('without a mail transport the start is refused by name', () => {
  expect(findingCodes({ EMAIL_CODE: 'on' })).toEqual(['error EMAIL_CODE_WITHOUT_MAIL EMAIL_CODE']);
});
