import { afterAll, beforeAll, expect, test } from 'vitest';
import { minimumPasswordCost } from '../../src/auth/password.js';
import { signInAs } from '../support/other-browser.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ passwordCost: minimumPasswordCost });
});
afterAll(() => service.stop());

function signUpWith(visitor: Visitor, password: string) {
  const { email } = visitor;
  return visitor.ask('/api/auth/sign-up/email', { body: { name: 'A', email, password } });
}

async function storedHash(visitor: Visitor): Promise<string> {
  const [row] = await service.database.query<{ password: string }>(
    'select password from account a join "user" u on u.id = a.user_id where email = $1',
    [visitor.email],
  );
  return row?.password ?? '';
}

test('the stored hash is argon2id with the documented parameters and a unique salt', async () => {
  const [one, two] = [new Visitor(service), new Visitor(service)];
  await signUpWith(one, 'the same password');
  await signUpWith(two, 'the same password');
  const hashes = [await storedHash(one), await storedHash(two)];
  for (const hash of hashes) {
    // 22 characters of base64 are 128 bits of salt, 43 are 256 bits of hash.
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  }
  expect(hashes[0]).not.toBe(hashes[1]);
});

const accepted = {
  'of 8 characters': 'k7#pQz2w',
  'of 128 characters': 'x'.repeat(128),
  'of 64 characters of four bytes each': '𝔘'.repeat(64),
  'with blanks at its ends': '  blanks around  ',
  'of one repeated letter': 'ʒ'.repeat(12),
  'with a NUL character': 'before\0after',
  'with quotes and SQL': `'; drop table "user"; --`,
};

test.each(Object.entries(accepted))(
  'a password %s is accepted and compared exactly',
  async (_, password) => {
    const visitor = new Visitor(service);
    expect((await signUpWith(visitor, password)).status).toBe(200);
    expect((await signInAs(new Visitor(service), visitor, password)).status).toBe(200);
    const almost = [password.slice(0, -2), password.trim(), password.toUpperCase()];
    for (const other of almost.filter((text) => text !== password)) {
      expect((await signInAs(new Visitor(service), visitor, other)).status).toBe(401);
    }
  },
);

test.each([
  ['7 characters', '1234567', 'PASSWORD_TOO_SHORT'],
  ['129 characters', 'x'.repeat(129), 'PASSWORD_TOO_LONG'],
  ['no characters', '', 'VALIDATION_ERROR'],
])('a password of %s is refused and no user is created', async (_what, password, code) => {
  const visitor = new Visitor(service);
  const answer = await signUpWith(visitor, password);
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ code });
  expect(answer.setCookies).toEqual([]);
  const rows = await service.database.query('select 1 from "user" where email = $1', [
    visitor.email,
  ]);
  expect(rows).toEqual([]);
});

test('a password with composed or decomposed characters is the same password', async () => {
  const composed = 'pässwörd-Ångström'.normalize('NFC');
  const decomposed = composed.normalize('NFD');
  expect(composed).not.toBe(decomposed);
  for (const [first, second] of [
    [composed, decomposed],
    [decomposed, composed],
  ] as const) {
    const visitor = new Visitor(service);
    await signUpWith(visitor, first);
    expect((await signInAs(new Visitor(service), visitor, second)).status).toBe(200);
    const other = await signInAs(new Visitor(service), visitor, 'password-Angstrom');
    expect(other.status).toBe(401);
  }
});

test('a wrong password and an unknown address get the same response', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  const wrong = await signInAs(new Visitor(service), visitor, 'not the password');
  const unknown = await new Visitor(service).signIn('not the password');
  expect(wrong.status).toBe(401);
  expect(unknown.status).toBe(wrong.status);
  const withoutId = ({ json }: typeof wrong) => ({ ...json, requestId: undefined });
  expect(withoutId(unknown)).toEqual(withoutId(wrong));
  expect(withoutId(wrong)).toEqual({
    code: 'INVALID_EMAIL_OR_PASSWORD',
    message: 'Invalid email or password',
  });
  const names = ({ headers }: typeof wrong) => [...headers.keys()];
  expect(names(unknown)).toEqual(names(wrong));
});
