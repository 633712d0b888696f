/** The variables of mails: one transport, a sender, and faults by name. */
import { expect, test } from 'vitest';
import { readConfig } from '../../../src/config/config.js';
import { parseBrand } from '../../../src/features/mail/brand.js';
import { maskMailAddress, parseNamedAddress } from '../../../src/features/mail/mail-address.js';
import { findingCodes, testNow, validEnvironment } from '../../support/configuration.js';

const from = { MAIL_FROM: 'auth@example.com' };
const key = { RESEND_API_KEY: 're_0123456789abcdefABCDEF' };
const smtp = { SMTP_URL: 'smtps://user:p%40ss@smtp.example.com' };
const settingsOf = (env: object) =>
  readConfig({ ...validEnvironment, ...env }, testNow).features.mail;

test.each([
  [{ ...smtp, ...key, ...from }, ['error MAIL_TRANSPORT_AMBIGUOUS RESEND_API_KEY']],
  [smtp, ['error MAIL_FROM_MISSING MAIL_FROM']],
  [{ ...smtp, MAIL_FROM: 'nobody' }, ['error MAIL_FROM_INVALID MAIL_FROM']],
  [from, ['info MAIL_NOT_CONFIGURED MAIL_FROM']],
  [
    { EMAIL_VERIFICATION: 'optional' },
    ['error EMAIL_VERIFICATION_WITHOUT_MAIL EMAIL_VERIFICATION'],
  ],
  [
    { MAIL_WEBHOOK_URL: 'https://mail.example.com', ...from },
    ['error MAIL_WEBHOOK_SECRET_MISSING MAIL_WEBHOOK_SECRET'],
  ],
  [
    { MAIL_WEBHOOK_URL: 'http://mail.example.com' },
    ['error MAIL_WEBHOOK_URL_INVALID MAIL_WEBHOOK_URL'],
  ],
  [
    { ...smtp, ...from, MAIL_TEMPLATES: '/no/such/folder' },
    ['error MAIL_TEMPLATES_INVALID MAIL_TEMPLATES'],
  ],
  [{ SMTP_URL: 'smtp://user:a/b@smtp.example.com', ...from }, ['error SMTP_URL_INVALID SMTP_URL']],
  [{ SMTP_URL: 'https://smtp.example.com', ...from }, ['error SMTP_URL_INVALID SMTP_URL']],
] as const)('%j: %j', (env, codes) => {
  const found = findingCodes(env);
  for (const code of codes) expect(found).toContain(code);
});

test('no finding has the value of a variable', () => {
  const env = { ...validEnvironment, SMTP_URL: 'smtp://user:secret/word@smtp.example.com' };
  expect(() => readConfig(env, testNow)).toThrow(
    expect.not.objectContaining({ message: 'secret' }),
  );
  expect(JSON.stringify(findingCodes({ SMTP_URL: env.SMTP_URL }))).not.toContain('secret/word');
});

test('the password is decoded, and ports follow from the scheme', () => {
  expect(settingsOf({ ...smtp, ...from })?.transport).toEqual({
    kind: 'smtp',
    host: 'smtp.example.com',
    port: 465,
    secure: true,
    requireTls: false,
    user: 'user',
    password: 'p@ss',
  });
});

test.each([
  ['smtp://smtp.example.com', true],
  ['smtp://203.0.113.5:2525', true],
  ['smtp://127.0.0.1:1025', false],
  ['smtp://mailpit:1025', false],
])('%s requires STARTTLS: %s', (url, requireTls) => {
  expect(settingsOf({ SMTP_URL: url, ...from })?.transport).toMatchObject({ requireTls });
});

test.each([
  ['auth@example.com', { name: '', address: 'auth@example.com' }],
  ['Example <auth@example.com>', { name: 'Example', address: 'auth@example.com' }],
  ['"Example, Inc." <auth@example.com>', { name: 'Example, Inc.', address: 'auth@example.com' }],
  ['auth@example.com\r\nBcc: eve@example.com', undefined],
  ['Example\r\nBcc: eve@example.com <auth@example.com>', undefined],
  ['auth@example.com, eve@example.com', undefined],
  ['<auth@example.com> <eve@example.com>', undefined],
  ['auth', undefined],
  [`${'a'.repeat(65)}@example.com`, undefined],
])('the sender %j', (text, expected) => {
  expect(parseNamedAddress(text)).toEqual(expected);
});

test.each([
  ['Example', { name: 'Example' }],
  ['Example; #0a66c2', { name: 'Example', color: '#0a66c2' }],
  [
    'Example; https://example.com/l.png; #0A66C2',
    { name: 'Example', color: '#0A66C2', logo: 'https://example.com/l.png' },
  ],
  ['Example; red', undefined],
  ['Example; #0a6', undefined],
  ['; #0a66c2', undefined],
  ['<b>', undefined],
  ['Example\r\nBcc: eve@example.com', undefined],
  ['Example; javascript:alert(1)', undefined],
  ['Example; http://example.com/logo.png', undefined],
  ['Example; #0a66c2;background:url(https://evil.example)', undefined],
  ['Example; #0a66c2; #0a66c3', undefined],
  ['x'.repeat(61), undefined],
])('the brand %j', (text, expected) => {
  expect(parseBrand(text)).toEqual(expected);
});

test('an address is masked to its first character and domain', () => {
  expect(maskMailAddress('ada@example.com')).toBe('a*** at example.com');
  expect(maskMailAddress('no address')).toBe('n***');
});
