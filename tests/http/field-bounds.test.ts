/** Validation of fields at every endpoint that has them: a 400 with the field and the limit, and nothing is stored. */
import { expect, test } from 'vitest';
import type { TestService } from '../support/test-service.js';
import { useServiceWithVisitor } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
useServiceWithVisitor((started) => ({ service, visitor } = started));

const signUp = (fields: object) => {
  const { email, password } = new Visitor(service);
  const body = { name: 'A', email, password, ...fields };
  return new Visitor(service).ask('/api/auth/sign-up/email', { body });
};
const updateUser = (fields: object) => {
  visitor = Object.assign(new Visitor(service), { cookies: visitor.cookies, email: visitor.email });
  return visitor.ask('/api/auth/update-user', { body: fields });
};
const longEmail = (length: number) => '@example.com'.padStart(length, 'a');

const badNames = {
  'a NUL character': 'a\0b',
  'a line break': 'a\nb',
  'a line separator': 'a\u2028b',
  'a tab': 'a\tb',
  'an escape': '\u001b[31mred',
  'a C1 control character': 'a\u009bb',
  'a delete character': 'a\u007f',
  'an override of the direction': 'a\u202eb',
  'an isolate of the direction': 'a\u2066b',
  'an unpaired surrogate': 'a\ud83d',
  '201 characters': 'x'.repeat(201),
  '90,000 characters': 'x'.repeat(90_000),
};
test.each(Object.entries(badNames))('a name with %s', async (_what, name) => {
  for (const answer of [await signUp({ name }), await updateUser({ name })]) {
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'INVALID_FIELD', field: 'name' });
    expect(answer.json?.message).toMatch(/^name must (?:have at most 200|not contain)/);
    expect(Object.keys(answer.json ?? {})).toEqual(['code', 'message', 'field', 'requestId']);
  }
});

const badImages = {
  'a script': 'javascript:alert(1)',
  'a script in capitals': 'JaVaScRiPt:alert(1)',
  'a script behind a blank': ' javascript:alert(1)',
  'data in place': 'data:image/svg+xml,<svg onload=alert(1)>',
  'a file': 'file:///etc/passwd',
  'a path': '/image.png',
  'another host of the page’s scheme': '//evil.example/a.png',
  'no URL': 'picture',
  nothing: '',
  'a line break': 'https://a.example/\nb',
  'no host': 'https://',
  'one slash': 'https:/a.example/',
  '2,049 characters': `https://a.example/${'x'.repeat(2_031)}`,
  '90,000 characters': `https://a.example/${'x'.repeat(90_000)}`,
};
test.each(Object.entries(badImages))('an image that is %s', async (_what, image) => {
  for (const answer of [await signUp({ image }), await updateUser({ image })]) {
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'INVALID_FIELD', field: 'image' });
    expect(answer.json?.message).toMatch(/^image must /);
  }
});

test.each([
  ['sign-up/email', 'email', 'INVALID_EMAIL', longEmail(255)],
  ['sign-up/email', 'email', 'INVALID_EMAIL', longEmail(90_000)],
  ['sign-in/email', 'email', 'INVALID_EMAIL', longEmail(255)],
  ['request-password-reset', 'email', 'INVALID_EMAIL', longEmail(255)],
  ['send-verification-email', 'email', 'INVALID_EMAIL', longEmail(255)],
  ['change-email', 'newEmail', 'INVALID_EMAIL', longEmail(255)],
  ['sign-up/email', 'password', 'PASSWORD_TOO_LONG', 'x'.repeat(129)],
  ['sign-in/email', 'password', 'PASSWORD_TOO_LONG', 'x'.repeat(129)],
  ['sign-in/email', 'password', 'PASSWORD_TOO_LONG', 'x'.repeat(90_000)],
  ['verify-password', 'password', 'PASSWORD_TOO_LONG', 'x'.repeat(129)],
  ['delete-user', 'password', 'PASSWORD_TOO_LONG', 'x'.repeat(129)],
  ['change-password', 'currentPassword', 'PASSWORD_TOO_LONG', 'x'.repeat(129)],
  ['change-password', 'newPassword', 'PASSWORD_TOO_LONG', 'x'.repeat(129)],
  ['reset-password', 'newPassword', 'PASSWORD_TOO_LONG', 'x'.repeat(129)],
  ['revoke-session', 'token', 'INVALID_FIELD', 'x'.repeat(4_097)],
  ['sign-in/email', 'callbackURL', 'INVALID_FIELD', `/${'x'.repeat(2_048)}`],
  ['sign-in/email', 'unheardOf', 'INVALID_FIELD', 'x'.repeat(8_193)],
])('%s: the bound of %s is named, with the code %s', async (path, field, code, value) => {
  const body = { name: 'A', email: visitor.email, password: 'a password', [field]: value };
  const answer = await new Visitor(service).ask(`/api/auth/${path}`, { body });
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ code, field });
  expect(answer.json?.message).toMatch(
    new RegExp(`^${field} must have at most (?:128|254|2048|4096|8192) characters\\.$`),
  );
});

test.each(['password', 'newPassword', 'token', 'callbackURL', 'unheardOf'])(
  'an unpaired surrogate in %s is rejected as such',
  async (field) => {
    const body = { name: 'A', email: visitor.email, password: 'a password', [field]: 'a\ud83d' };
    const answer = await new Visitor(service).ask('/api/auth/sign-in/email', { body });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'INVALID_FIELD', field });
    expect(answer.json?.message).toMatch(/^\w+ must not contain .*unpaired surrogates\.$/);
  },
);

test('values just within the limits are stored unchanged', async () => {
  const fields = {
    name: `${'名'.repeat(199)}\u{1f600}`,
    image: `https://a.example/${'x'.repeat(2_030)}`,
    email: longEmail(254),
    password: 'y'.repeat(128),
  };
  expect(fields.email).toHaveLength(254);
  const answer = await signUp(fields);
  expect(answer.status).toBe(200);
  const { name, image, email } = fields;
  expect(answer.json?.user).toMatchObject({ name, image, email });
  expect((await updateUser({ image: 'http://a.example/b' })).status).toBe(200);
  expect((await updateUser({ image: null })).status).toBe(200);
  expect((await visitor.ask('/session')).json).toMatchObject({ user: { image: null } });
});

test('512 characters of a user agent are stored, without control characters', async () => {
  const agent = `Mozilla/5.0 \u009b31m${'x'.repeat(12_000)}`;
  const other = new Visitor(service);
  await other.ask('/api/auth/sign-up/email', {
    body: { name: 'A', email: other.email, password: other.password },
    headers: { 'user-agent': agent },
  });
  const [row] = await service.database.query<{ user_agent: string }>(
    'select user_agent from session order by created_at desc limit 1',
  );
  expect(row?.user_agent).toMatch(/^Mozilla\/5\.0 {2}31mx+$/);
  expect(row?.user_agent).toHaveLength(512);
  const wide = 'select 1 from session where length(ip_address) > 45 or length(user_agent) > 512';
  expect(await service.database.query(wide)).toEqual([]);
});

test('no stored user exceeds the limits, and nothing was logged as an error', async () => {
  const wide = `select 1 from "user" where char_length(name) > 200 or length(image) > 2048
    or length(email) > 254 or name ~ '[\\x01-\\x1f]'`;
  expect(await service.database.query(wide)).toEqual([]);
  expect(service.logLines().filter(({ level }) => level === 'error')).toEqual([]);
});
