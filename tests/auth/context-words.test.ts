/** Passwords that consist of the site's or the user's own names are refused; passphrases that contain one are not. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContextWords } from '../../src/auth/context-words.js';
import { readConfig } from '../../src/config/config.js';
import { MailVisitor, startMailingService } from '../support/mailed-link.js';
import { testEnvironment } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const site = {
  BETTER_AUTH_URL: 'https://auth.textbook-school.co.uk',
  BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.textbook-school.co.uk,https://algebra.example.org',
  PASSKEYS: 'on',
  RP_ID: 'textbook-school.co.uk',
  RP_NAME: 'Zürcher Lehrbuch',
};

const config = readConfig(
  { ...testEnvironment, DATABASE_URL: 'postgresql://a:b@127.0.0.1/c', ...site },
  new Date(),
);
const words = createContextWords(config);
const owner = { email: 'ada.lovelace1815@example.com', name: 'Augusta Ada King' };

const isRefused = (password: string, of: object = owner) => {
  try {
    words.require(password, of);
    return false;
  } catch (error) {
    expect(error).toMatchObject({
      body: { code: 'PASSWORD_TOO_COMMON', reason: 'context_word' },
    });
    return true;
  }
};

test.each([
  'textbook-school',
  'TextbookSchool2026!',
  'textbookschool.co.uk',
  'algebra1234',
  'Algebra-Algebra',
  'docs.algebra.2026',
  'zurcherlehrbuch1',
  'Zürcher-Lehrbuch',
  'auth-service',
  'lovelace1815',
  'ada.lovelace1815',
  'ada.lovelace1815@example.com',
  'Augusta1!',
  'adalovelace99',
  'KingAda!2026',
])('%s is refused', (password) => {
  expect(isRefused(password)).toBe(true);
});

test.each([
  'algebra is fun in winter',
  'correct horse battery',
  'my-textbook-school-password',
  'adam likes lovely lace',
  'king-of-the-hill',
  'ada8!4?93&275%10',
  '18151815',
  'x9$Tq!algebra#Lm2',
  'пароль-длинный',
  '😀😀😀😀😀😀😀😀',
  '________',
])('%s is accepted', (password) => {
  expect(isRefused(password)).toBe(false);
});

test('a number that is the address before the @ is refused, with and without signs', () => {
  const pupil = { email: '20231234@school.example', name: '' };
  expect([isRefused('20231234', pupil), isRefused('2023-1234!', pupil)]).toEqual([true, true]);
  expect(isRefused('20231235', pupil)).toBe(false);
});

test.each([
  {},
  { email: 7, name: null },
  { email: '@', name: ' . ' },
  { email: 'a@b', name: 'Al' },
  { email: `${'a.'.repeat(40_000)}@b.example`, name: 'x '.repeat(40_000) },
])('odd or short names refuse nothing, in little time', (of) => {
  const startedAt = performance.now();
  expect(isRefused('aaaaaaaaaaaaaaab'.repeat(8), of)).toBe(false);
  expect(isRefused('al123456', of)).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

describe('over HTTP', () => {
  let service: Awaited<ReturnType<typeof startMailingService>>;
  beforeAll(async () => {
    service = await startMailingService({
      PASSWORD_RESET: 'on',
      RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/1m',
    });
  });
  afterAll(() => service.stop());

  const refusal = { code: 'PASSWORD_TOO_COMMON', reason: 'context_word' };

  test('a sign-up with the own name as the password answers 400 and creates no user', async () => {
    const visitor = new Visitor(service);
    const body = { name: 'Grace Hopper', email: visitor.email, password: 'GraceHopper1906' };
    const answer = await visitor.ask('/api/auth/sign-up/email', { body });
    expect([answer.status, answer.setCookies]).toEqual([400, []]);
    expect(answer.json).toMatchObject(refusal);
    const stored = 'select 1 from "user" where email = $1';
    expect(await service.database.query(stored, [visitor.email])).toEqual([]);
  });

  test('a password cannot be changed to the own address', async () => {
    const visitor = new Visitor(service);
    await visitor.signUp();
    const body = { currentPassword: visitor.password, newPassword: visitor.email };
    const answer = await visitor.ask('/api/auth/change-password', { body });
    expect(answer.json).toMatchObject(refusal);
    expect((await visitor.signIn()).status).toBe(200);
  });

  test('a reset to the own address or the host is refused, and the link stays valid', async () => {
    const visitor = new MailVisitor(service);
    await visitor.signUp();
    await visitor.ask('/api/auth/request-password-reset', { body: { email: visitor.email } });
    const token = await service.tokenFor(visitor.email);
    const reset = (newPassword: string) =>
      visitor.ask('/api/auth/reset-password', { body: { token, newPassword } });
    expect((await reset(`${visitor.email}!`)).json).toMatchObject(refusal);
    expect((await reset('localhost2026')).json).toMatchObject(refusal);
    expect((await reset('another-good-password-42')).status).toBe(200);
  });
});
