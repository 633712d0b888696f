import { hashPassword as hashWithScrypt } from 'better-auth/crypto';
import { hash as hashWithArgon2 } from '@node-rs/argon2';
import { expect, test } from 'vitest';
import { minimumPasswordCost } from '../../src/auth/password.js';
import { signInAs } from '../support/other-browser.js';
import type { TestService } from '../support/test-service.js';
import { useVisitor } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
useVisitor((started) => ({ service, visitor } = started), { passwordCost: minimumPasswordCost });

const ofVisitor = 'user_id = (select id from "user" where email = $1)';
const current = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;

async function storedHash(): Promise<string | undefined> {
  const [row] = await service.database.query<{ password: string }>(
    `select password from account where ${ofVisitor}`,
    [visitor.email],
  );
  return row?.password;
}

/** Sets the hash as an older service, or one with other parameters, would have stored it. */
async function store(hash: string): Promise<string> {
  const update = `update account set password = $2 where ${ofVisitor}`;
  await service.database.query(update, [visitor.email, hash]);
  return hash;
}

function signIn(password?: string) {
  return signInAs(new Visitor(service), visitor, password);
}

const older = {
  "BetterAuth's scrypt": (password: string) => hashWithScrypt(password),
  'argon2id with less memory': (password: string) =>
    hashWithArgon2(password, { memoryCost: 8192, timeCost: 2, parallelism: 1 }),
  'argon2id with one pass': (password: string) =>
    hashWithArgon2(password, { memoryCost: 19_456, timeCost: 1, parallelism: 1 }),
};

test.each(Object.entries(older))(
  'a hash by %s is accepted, renewed at that sign-in, and accepted again',
  async (_kind, hash) => {
    const before = await store(await hash(visitor.password));
    expect((await signIn()).status).toBe(200);
    const after = await storedHash();
    expect(after).not.toBe(before);
    expect(after).toMatch(current);
    expect((await signIn()).status).toBe(200);
    expect(await storedHash()).toBe(after);
    expect((await signIn('not the password')).status).toBe(401);
  },
);

test.each(Object.entries(older))(
  'a wrong password for a hash by %s is rejected and renews nothing',
  async (_kind, hash) => {
    const before = await store(await hash(visitor.password));
    expect((await signIn('not the password')).status).toBe(401);
    expect(await storedHash()).toBe(before);
  },
);

test('a current hash is not changed', async () => {
  const before = await storedHash();
  expect((await signIn()).status).toBe(200);
  expect(await storedHash()).toBe(before);
});

test('a hash of an unknown format is rejected, and the response does not reveal it', async () => {
  const stored = await store('plain text left by an import');
  const answer = await signIn(stored);
  expect(answer.status).toBe(500);
  expect(answer.json).toMatchObject({ code: 'INTERNAL_ERROR' });
  expect(answer.text).not.toContain('import');
  expect(answer.setCookies).toEqual([]);
  expect(await storedHash()).toBe(stored);
});

test('an old password with composed characters can be entered with decomposed ones', async () => {
  const composed = 'pässwörd-Ångström'.normalize('NFC');
  await store(await hashWithScrypt(composed));
  expect((await signIn(composed.normalize('NFD'))).status).toBe(200);
  expect(await storedHash()).toMatch(current);
  expect((await signIn(composed)).status).toBe(200);
});
