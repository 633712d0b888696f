/** The address of a new account is proven by a mailed link, in the browser that signed up or with the password. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  linkIn,
  MailVisitor,
  sitePage,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import { recordStatements } from '../../support/recorded-statements.js';
import { everyFeatureOn } from '../../support/every-feature.js';
import type { Answer, Visitor } from '../../support/visitor.js';

const verifyPath = '/api/auth/verify-email';
const resendPath = '/api/auth/send-verification-email';

let services: Record<'optional' | 'required', MailingService>;
beforeAll(async () => {
  const [optional, required] = await Promise.all([
    startMailingService({ EMAIL_VERIFICATION: 'optional' }),
    startMailingService({
      EMAIL_VERIFICATION: 'required',
      BEARER_TOKENS: 'on',
      PROFILE_SCHEMA: everyFeatureOn.PROFILE_SCHEMA,
    }),
  ]);
  services = { optional, required };
});
afterAll(async () => {
  await Promise.all(Object.values(services).map((service) => service.stop()));
});

type Mode = keyof typeof services;

const redeem = (visitor: Visitor, token: string, extra: object = {}) =>
  visitor.ask(verifyPath, { body: { token, ...extra } });

const resend = (mode: Mode, email: string) =>
  new MailVisitor(services[mode]).ask(resendPath, { body: { email } });

function signUp(visitor: Visitor, email = visitor.email, extra: object = {}): Promise<Answer> {
  const { password } = visitor;
  return visitor.ask('/api/auth/sign-up/email', {
    body: { name: 'A Visitor', email, password, ...extra },
  });
}

/** A new user and the token of the first mail. */
async function newUser(mode: Mode): Promise<{ owner: MailVisitor; token: string }> {
  const owner = new MailVisitor(services[mode]);
  expect((await signUp(owner)).status).toBe(200);
  return { owner, token: await services[mode].tokenFor(owner.email) };
}

async function isVerified(mode: Mode, email: string): Promise<unknown> {
  const text = 'select email_verified from "user" where email = $1';
  const [row] = await services[mode].database.query(text, [email]);
  return row?.email_verified;
}

async function sessionsOf(mode: Mode, email: string): Promise<number> {
  const text = 'select 1 from session s join "user" u on u.id = s.user_id where email = $1';
  return (await services[mode].database.query(text, [email])).length;
}

describe.each(['optional', 'required'] as const)('%s', (mode) => {
  test('the link leads to the page of the site; in the browser that signed up its POST signs in', async () => {
    const { owner, token } = await newUser(mode);
    const [mail] = await services[mode].mailsTo(owner.email);
    expect(linkIn(mail).page).toBe(sitePage);
    const answer = await redeem(owner, token);
    expect(answer.json).toMatchObject({ user: { email: owner.email, emailVerified: true } });
    expect(answer.status).toBe(200);
    expect((await owner.ask('/session')).json).toMatchObject({ user: { emailVerified: true } });
    expect(await sessionsOf(mode, owner.email)).toBe(1);
  });

  test('another browser is refused as LINK_WRONG_BROWSER, and the link stays valid for the password', async () => {
    const { owner, token } = await newUser(mode);
    const other = new MailVisitor(services[mode]);
    const refused = await redeem(other, token);
    expect([refused.status, refused.json?.code]).toEqual([403, 'LINK_WRONG_BROWSER']);
    expect(refused.setCookies).toEqual([]);
    expect(await isVerified(mode, owner.email)).toBe(false);
    const wrong = await redeem(other, token, { password: 'not-the-password-1' });
    expect([wrong.status, wrong.json?.code]).toEqual([400, 'INVALID_PASSWORD']);
    expect((await redeem(other, token, { password: owner.password })).status).toBe(200);
    expect((await other.ask('/session')).status).toBe(200);
  });

  test('a page whose browser refuses cookies keeps a verifier instead', async () => {
    const verifier = randomBytes(32).toString('base64url');
    const codeChallenge = createHash('sha256').update(verifier).digest('base64url');
    const owner = new MailVisitor(services[mode]);
    const signedUp = await signUp(owner, owner.email, { codeChallenge });
    expect(signedUp.setCookies.join()).not.toContain('sign_up');
    owner.cookies.clear();
    const token = await services[mode].tokenFor(owner.email);
    const wrong = await redeem(owner, token, { codeVerifier: codeChallenge });
    expect(wrong.json?.code).toBe('LINK_WRONG_BROWSER');
    expect((await redeem(owner, token, { codeVerifier: verifier })).status).toBe(200);
  });

  test('a password that was planted by somebody else dies with the owner’s reset', async () => {
    const attacker = new MailVisitor(services[mode]);
    await signUp(attacker);
    const owner = new MailVisitor(services[mode]);
    const planted = await services[mode].tokenFor(attacker.email);
    expect((await redeem(owner, planted)).json?.code).toBe('LINK_WRONG_BROWSER');
    await owner.ask('/api/auth/request-password-reset', { body: { email: attacker.email } });
    const token = await services[mode].tokenFor(attacker.email, 2);
    const newPassword = 'chosen-by-the-owner-42';
    const reset = await owner.ask('/api/auth/reset-password', { body: { token, newPassword } });
    expect(reset.json).toMatchObject({ user: { emailVerified: true } });
    expect((await attacker.ask('/session')).status).toBe(401);
    expect((await attacker.signIn()).status).toBe(401);
    expect((await redeem(attacker, planted)).json?.code).toBe('LINK_REPLACED');
  });

  test('of eight concurrent redeems one succeeds, and the others are refused as used', async () => {
    const { owner, token } = await newUser(mode);
    const tabs = Array.from({ length: 8 }, () => {
      const tab = new MailVisitor(services[mode]);
      for (const [name, value] of owner.cookies) tab.cookies.set(name, value);
      return tab;
    });
    const answers = await Promise.all(tabs.map((tab) => redeem(tab, token)));
    const codes = answers.map(({ status, json }) => json?.code ?? status).sort();
    expect(codes).toEqual([200, ...Array<string>(7).fill('LINK_USED')]);
  });

  test('a resent link replaces the first one and is bound to the browser that signed up', async () => {
    const { owner, token } = await newUser(mode);
    expect((await resend(mode, owner.email)).json).toEqual({ status: true });
    const newer = await services[mode].tokenFor(owner.email, 2);
    expect((await redeem(owner, token)).json?.code).toBe('LINK_REPLACED');
    const other = new MailVisitor(services[mode]);
    expect((await redeem(other, newer)).json?.code).toBe('LINK_WRONG_BROWSER');
    expect((await redeem(owner, newer)).status).toBe(200);
  });

  test('a resend answers alike for unknown, unproven and proven addresses, and mails only the unproven one', async () => {
    const { owner } = await newUser(mode);
    const proven = await newUser(mode);
    await redeem(proven.owner, proven.token);
    const unknown = new MailVisitor(services[mode]);
    for (const email of [owner.email, proven.owner.email, unknown.email]) {
      const { status, json } = await resend(mode, email);
      expect([status, json]).toEqual([200, { status: true }]);
    }
    await services[mode].mailsTo(owner.email, 2);
    expect(await services[mode].mailsTo(proven.owner.email)).toHaveLength(1);
    expect(JSON.stringify(services[mode].mailServer.mails)).not.toContain(unknown.email);
  });

  test('GET of the endpoint changes nothing and leads to the page, as often as a mail scanner asks', async () => {
    const { owner, token } = await newUser(mode);
    for (let times = 0; times < 2; times += 1) {
      const answer = await owner.ask(`${verifyPath}?token=${token}&callbackURL=/`);
      expect(answer.status).toBe(302);
      expect(answer.headers.get('location')).toBe(
        `http://localhost:3001/confirm#verify_email=${token}`,
      );
    }
    expect(await isVerified(mode, owner.email)).toBe(false);
  });

  test.each([
    '/verify%2Demail',
    '//verify-email',
    '/verify-email/',
    '/Verify-Email',
    '/x/../verify-email/',
  ])('BetterAuth’s own GET does not exist at %s', async (path) => {
    const { owner, token } = await newUser(mode);
    await owner.ask(`/api/auth${path}?token=${token}`);
    expect(await isVerified(mode, owner.email)).toBe(false);
  });

  test('/api/auth/features names the mode', async () => {
    const { json } = await new MailVisitor(services[mode]).ask('/api/auth/features');
    expect(json).toMatchObject({ features: { emailVerification: mode, passwordReset: true } });
  });
});

test('optional: sign-up signs in, and a device that is signed in needs no password for the link', async () => {
  const { owner, token } = await newUser('optional');
  expect((await owner.ask('/session')).status).toBe(200);
  const device = new MailVisitor(services.optional);
  const { email, password } = owner;
  await device.ask('/api/auth/sign-in/email', { body: { email, password } });
  expect((await redeem(device, token)).status).toBe(200);
});

test('optional: a signed-in owner of a proven address learns that there is nothing to resend', async () => {
  const { owner, token } = await newUser('optional');
  await redeem(owner, token);
  const answer = await owner.ask(resendPath, { body: { email: owner.email } });
  expect(answer.json?.code).toBe('EMAIL_ALREADY_VERIFIED');
});

test('required: sign-in is refused with EMAIL_NOT_VERIFIED only after the right password', async () => {
  const { owner } = await newUser('required');
  expect((await owner.signIn('not-the-password-1')).json?.code).toBe('INVALID_EMAIL_OR_PASSWORD');
  const answer = await owner.signIn();
  expect([answer.status, answer.json?.code]).toEqual([403, 'EMAIL_NOT_VERIFIED']);
  expect(answer.json?.message).toContain('Open the link in the mail');
  expect(await sessionsOf('required', owner.email)).toBe(0);
});

/** What a caller sees of a sign-up, without what differs between any two accounts. */
function visible({ status, json, setCookies }: Answer): unknown {
  const { user, ...rest } = json as { user: Record<string, unknown> };
  const differs = ['id', 'email', 'createdAt', 'updatedAt'];
  const fields = Object.entries(user).map(([name, value]) =>
    differs.includes(name) ? [name, typeof value, String(value).length] : [name, value],
  );
  const cookies = setCookies.map((line) => line.replace(/=[\w-]{43}/, '=…'));
  return { status, rest, fields, cookies };
}

test('required: sign-up answers alike for a known and an unknown address (ASVS 6.3.8), and the owner gets a mail', async () => {
  const { owner, token } = await newUser('required');
  await redeem(owner, token);
  const known = await signUp(new MailVisitor(services.required), owner.email);
  const unknown = await signUp(new MailVisitor(services.required));
  expect(visible(known)).toEqual(visible(unknown));
  expect(known.json).toMatchObject({ token: null });
  const mail = (await services.required.mailsTo(owner.email, 2)).at(-1);
  expect(mail?.subject).toBe('You already have an account');
  expect(await isVerified('required', owner.email)).toBe(true);
  expect((await owner.signIn()).status).toBe(200);
});

test('required: two sign-ups at once with one address are answered alike, known or unknown', async () => {
  const { owner, token } = await newUser('required');
  await redeem(owner, token);
  const { email: unknown } = new MailVisitor(services.required);
  for (const email of [owner.email, unknown]) {
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => signUp(new MailVisitor(services.required), email)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  }
  const rows = await services.required.database.query('select 1 from "user" where email = $1', [
    unknown,
  ]);
  expect(rows).toHaveLength(1);
});

test('required: a sign-up with a known address sends as many statements in one transaction, and keeps no row', async () => {
  const { owner } = await newUser('required');
  const { required } = services;
  const count = 'select (select count(*) from "user") + (select count(*) from account) as rows';
  const unknown = await recordStatements(required, () => signUp(new MailVisitor(required)));
  const [before] = await required.database.query(count);
  const known = await recordStatements(required, () =>
    signUp(new MailVisitor(required), owner.email),
  );
  expect(await required.database.query(count)).toEqual([before]);
  const kinds = (statements: readonly string[]) =>
    statements.map((text) => /^\s*(\w+(?: into "\w+")?)/.exec(text)?.[1]);
  expect(kinds(known)).toEqual(
    kinds(unknown).map((kind) => (kind === 'insert into "account"' ? 'delete' : kind)),
  );
});

test('required: a second sign-up with an unproven address mails a new link and keeps the first password', async () => {
  const { owner } = await newUser('required');
  const other = new MailVisitor(services.required);
  expect((await signUp(other, owner.email)).status).toBe(200);
  const token = await services.required.tokenFor(owner.email, 2);
  expect((await redeem(other, token, { password: other.password })).json?.code).toBe(
    'INVALID_PASSWORD',
  );
  expect((await redeem(owner, token)).status).toBe(200);
});

test('required: redeeming gives the bearer token where cookies are refused', async () => {
  const { owner, token } = await newUser('required');
  const answer = await redeem(owner, token);
  expect(answer.headers.get('set-auth-token')).toMatch(/^[\w-]+\./);
});
