/** Profile fields of the running service: validated, stored, merged and shown. */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor, type Answer } from '../../support/visitor.js';

const schema = {
  type: 'object',
  properties: {
    background: { type: 'string', enum: ['novice', 'expert'], 'x-jwt': true },
    age: { type: 'integer', minimum: 13 },
    homepage: { type: 'string', format: 'uri' },
    born: { type: 'string', format: 'date' },
    contact: { type: 'string', format: 'email' },
    newsletter: { type: 'boolean' },
    nickname: { type: 'string', minLength: 2, maxLength: 5 },
    source: { type: 'string', 'x-visibility': 'hidden' },
  },
  required: ['background'],
};

let service: TestService;
let visitor: Visitor;
beforeAll(async () => {
  service = await startTestService({
    env: { PROFILE_SCHEMA: JSON.stringify(schema), JWT_TOKENS: 'on' },
  });
});
afterAll(() => service.stop());
beforeEach(() => {
  visitor = new Visitor(service);
});

function signUp(profile?: unknown, changes: object = {}): Promise<Answer> {
  const { email, password } = visitor;
  const body = { name: 'A Visitor', email, password, profile, ...changes };
  return visitor.ask('/api/auth/sign-up/email', { body });
}

const update = (profile: unknown) => visitor.ask('/api/auth/update-user', { body: { profile } });

async function storedProfile(): Promise<unknown> {
  const rows = await service.database.query('select profile from "user" where email = $1', [
    visitor.email,
  ]);
  return rows[0]?.profile;
}

async function shownProfile(): Promise<unknown> {
  const { json } = await visitor.ask('/session');
  return (json?.user as { profile?: unknown }).profile;
}

test('a sign-up stores the fields, and its response shows those that are not hidden', async () => {
  const { status, json } = await signUp({ background: 'novice', source: 'a friend', age: null });
  expect(status).toBe(200);
  expect(json).toMatchObject({ user: { profile: { background: 'novice' } } });
  expect(await storedProfile()).toEqual({ background: 'novice', source: 'a friend' });
  expect(await shownProfile()).toEqual({ background: 'novice' });
});

test.each<[string, unknown, Record<string, string>]>([
  ['no profile', undefined, { background: 'is required' }],
  ['null for a required field', { background: null }, { background: 'is required' }],
  ['another value', { background: 'guru' }, { background: 'must be one of novice, expert' }],
  [
    'several faults',
    {
      background: 7,
      age: '42',
      homepage: 'javascript:alert(1)',
      born: '2026-02-30',
      contact: 'ada',
      newsletter: 'yes',
      nickname: 'x',
      source: 'x'.repeat(201),
    },
    {
      background: 'must be one of novice, expert',
      age: 'must be a whole number',
      homepage: 'must be an http or https URL',
      born: 'must be a date like 2026-01-31',
      contact: 'must be an e-mail address',
      newsletter: 'must be a boolean',
      nickname: 'must have at least 2 characters',
      source: 'must have at most 200 characters',
    },
  ],
  [
    'blanks around a URL',
    { background: 'novice', homepage: ' https://a.example' },
    { homepage: 'must be an http or https URL' },
  ],
  [
    'unprintable characters',
    { background: 'novice', nickname: 'a\u001bb', source: 'a\u202eb' },
    {
      nickname: 'must not contain control characters',
      source: 'must not contain control characters',
    },
  ],
  ['a number too small', { background: 'novice', age: 12 }, { age: 'must be at least 13' }],
  ['a list', { background: ['novice'] }, { background: 'must be one of novice, expert' }],
  ['an object', { background: { $ne: 1 } }, { background: 'must be one of novice, expert' }],
  [
    'another field',
    { background: 'novice', role: 'admin' },
    { role: 'is not a field of the profile' },
  ],
  [
    'another field that is null',
    { background: 'novice', role: null },
    { role: expect.any(String) as string },
  ],
  [
    'a name not to be repeated',
    { background: 'novice', '<b>': 1 },
    { 'a field': expect.any(String) as string },
  ],
])(
  'sign-up with %s answers 400 with an error per field, and creates no user',
  async (_name, profile, fields) => {
    // The password is too common: the profile is checked first.
    const { status, json } = await signUp(profile, { password: 'password1234' });
    expect(status).toBe(400);
    expect(json).toEqual({
      code: 'INVALID_PROFILE',
      message: expect.any(String) as string,
      fields,
      requestId: expect.any(String) as string,
    });
    expect(await storedProfile()).toBeUndefined();
  },
);

test.each([
  ['a list', [], 'INVALID_PROFILE'],
  ['a text', '{"background":"novice"}', 'INVALID_PROFILE'],
  ['null', null, 'INVALID_PROFILE'],
  ['a number', 1, 'INVALID_PROFILE'],
  ['a NUL', { background: 'novice', source: 'a\0b' }, 'INVALID_FIELD'],
  ['half a character', { background: 'novice', source: '\ud800' }, 'INVALID_FIELD'],
  ['too deep', { a: { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } } }, 'INVALID_REQUEST'],
  [
    '201 fields',
    Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`f${i}`, i])),
    'INVALID_REQUEST',
  ],
])('a profile that is %s answers 400', async (_name, profile, code) => {
  const { status, json } = await signUp(profile);
  expect(status).toBe(400);
  expect(json).toMatchObject({ code });
});

test.each(['__proto__', 'constructor', 'prototype'])(
  'a field named %s answers 400',
  async (name) => {
    const body = `{"name":"A","email":"${visitor.email}","password":"${visitor.password}","profile":{"background":"novice","${name}":{"age":99}}}`;
    const { status, json } = await visitor.ask('/api/auth/sign-up/email', { body });
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: 'INVALID_REQUEST' });
  },
);

test('a body over 100 kB answers 413', async () => {
  const { status } = await signUp({ background: 'novice', source: 'x'.repeat(110_000) });
  expect(status).toBe(413);
});

test('an update replaces the given fields, removes those that are null and keeps the others', async () => {
  await signUp({ background: 'novice', source: 'a friend', age: 20 });
  expect((await update({ background: 'expert', age: null })).status).toBe(200);
  expect(await storedProfile()).toEqual({ background: 'expert', source: 'a friend' });
  expect(await shownProfile()).toEqual({ background: 'expert' });
});

test('required fields are required at sign-up only', async () => {
  await signUp({ background: 'novice' });
  expect((await update({ background: null, nickname: 'Ada' })).status).toBe(200);
  expect(await storedProfile()).toEqual({ nickname: 'Ada' });
});

test('an update of only the name does not change the profile', async () => {
  await signUp({ background: 'novice' });
  expect((await visitor.ask('/api/auth/update-user', { body: { name: 'Ada' } })).status).toBe(200);
  expect(await storedProfile()).toEqual({ background: 'novice' });
});

test('an invalid update answers 400 with an error per field and changes nothing', async () => {
  await signUp({ background: 'novice' });
  const { status, json } = await update({ background: 'guru', age: 15 });
  expect(status).toBe(400);
  expect(json).toMatchObject({
    code: 'INVALID_PROFILE',
    fields: { background: 'must be one of novice, expert' },
  });
  expect(await storedProfile()).toEqual({ background: 'novice' });
});

test('of updates of different fields at once, none is lost', async () => {
  await signUp({ background: 'novice' });
  const changes = [{ age: 30 }, { newsletter: true }, { nickname: 'Ada' }, { source: 'x' }];
  const statuses = await Promise.all(changes.map(async (change) => (await update(change)).status));
  expect(statuses).toEqual([200, 200, 200, 200]);
  expect(await storedProfile()).toEqual(Object.assign({ background: 'novice' }, ...changes));
});

test('get-session is equal to BetterAuth’s own response, byte for byte', async () => {
  await signUp({
    newsletter: true,
    source: 'a friend',
    nickname: 'Zoë',
    background: 'novice',
    age: 1e3,
  });
  const fast = await visitor.getSession();
  const stock = await visitor.ask('/api/auth/get-session?disableCookieCache=true');
  expect(fast.json).toMatchObject({
    user: { profile: { background: 'novice', age: 1000, newsletter: true, nickname: 'Zoë' } },
  });
  expect(fast.text).toBe(stock.text);
  expect(fast.text).not.toContain('a friend');
});

test('get-session of a user without a profile is equal too', async () => {
  await signUp({ background: 'novice' });
  await service.database.query('update "user" set profile = null');
  const fast = await visitor.getSession();
  expect(fast.json).toMatchObject({ user: { profile: {} } });
  expect(fast.text).toBe((await visitor.ask('/api/auth/get-session?x=1')).text);
});

test('a JSON Web Token has the fields marked x-jwt only', async () => {
  await signUp({ background: 'novice', age: 20, source: 'a friend' });
  const { json } = await visitor.ask('/api/auth/token');
  const claims = decodeJwt(String(json?.token));
  expect(claims).toMatchObject({ email: visitor.email, profile: { background: 'novice' } });
});

test('a JSON Web Token has no profile where no field is marked', async () => {
  const plain = { type: 'object', properties: { age: { type: 'integer' } } };
  const other = await startTestService({
    env: { PROFILE_SCHEMA: JSON.stringify(plain), JWT_TOKENS: 'on' },
  });
  visitor = new Visitor(other);
  await signUp({ age: 20 });
  const { json } = await visitor.ask('/api/auth/token');
  expect(decodeJwt(String(json?.token))).not.toHaveProperty('profile');
  await other.stop();
});

test('while the feature is off, a profile is ignored and none is shown', async () => {
  const other = await startTestService();
  visitor = new Visitor(other);
  const { status, json } = await signUp({ background: 'novice' });
  expect(status).toBe(200);
  expect(json?.user).not.toHaveProperty('profile');
  const rows = await other.database.query('select profile from "user"');
  expect(rows).toEqual([{ profile: null }]);
  expect((await visitor.ask('/session')).text).not.toContain('profile');
  expect((await visitor.getSession()).text).not.toContain('profile');
  await other.stop();
});
