/** Sign-in with the hash of another system: accepted, renewed with argon2id, limited as any other. */
import { createCipheriv, pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto';
import { hash as hashWithArgon2 } from '@node-rs/argon2';
import { hash as hashWithBcrypt } from '@node-rs/bcrypt';
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
const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

async function storedHash(): Promise<string | undefined> {
  const [row] = await service.database.query<{ password: string }>(
    `select password from account where ${ofVisitor}`,
    [visitor.email],
  );
  return row?.password;
}

async function store(hash: string): Promise<string> {
  const update = `update account set password = $2 where ${ofVisitor}`;
  await service.database.query(update, [visitor.email, hash]);
  return hash;
}

const signIn = (password?: string) => signInAs(new Visitor(service), visitor, password);

function pbkdf2Of(digest: string, length: number) {
  return (password: string) => {
    const salt = randomBytes(16);
    const key = pbkdf2Sync(password, salt, 1_000, length, digest);
    return Promise.resolve(`$pbkdf2-${digest}$i=1000$${base64(salt)}$${base64(key)}`);
  };
}

function scryptOf(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 });
  return Promise.resolve(`$scrypt$ln=10,r=8,p=1$${base64(salt)}$${base64(key)}`);
}

function firebaseOf(password: string): Promise<string> {
  const [salt, separator, signer] = [randomBytes(10), Buffer.from([7]), randomBytes(64)];
  const derived = scryptSync(password, Buffer.concat([salt, separator]), 32, {
    N: 1024,
    r: 8,
    p: 1,
  });
  const key = createCipheriv('aes-256-ctr', derived, Buffer.alloc(16)).update(signer);
  const parameters = `v=1,n=10,r=8,p=1,ss=${separator.toString('base64')},sk=${base64(signer)}`;
  return Promise.resolve(`$fbscrypt$${parameters}$${base64(salt)}$${base64(key)}`);
}

/** The versions differ only for passwords beyond ASCII in old implementations. */
async function bcryptAs(version: string, password: string): Promise<string> {
  return (await hashWithBcrypt(password, 4)).replace(/^\$2b\$/, `$${version}$$`);
}

const weakArgon2 = { memoryCost: 64, timeCost: 1, parallelism: 1 };
const argon2i = { ...weakArgon2, algorithm: 1 };

const imported: Readonly<Record<string, (password: string) => Promise<string>>> = {
  'bcrypt $2a$': (password) => bcryptAs('2a', password),
  'bcrypt $2b$': (password) => bcryptAs('2b', password),
  'bcrypt $2y$': (password) => bcryptAs('2y', password),
  argon2i: (password) => hashWithArgon2(password, argon2i),
  argon2id: (password) => hashWithArgon2(password, weakArgon2),
  'PBKDF2 with SHA-1': pbkdf2Of('sha1', 20),
  'PBKDF2 with SHA-256': pbkdf2Of('sha256', 32),
  'PBKDF2 with SHA-512': pbkdf2Of('sha512', 64),
  scrypt: scryptOf,
  "Firebase's scrypt": firebaseOf,
};

test.each(Object.entries(imported))(
  '%s: a wrong password is refused, the right one signs in and renews the hash',
  async (_name, hash) => {
    const before = await store(await hash(visitor.password));
    const refused = await signIn('not the password');
    expect(refused.status).toBe(401);
    expect(refused.json).toMatchObject({ code: 'INVALID_EMAIL_OR_PASSWORD' });
    expect(await storedHash()).toBe(before);
    expect((await signIn()).status).toBe(200);
    expect(await storedHash()).toMatch(current);
    expect((await signIn()).status).toBe(200);
    expect((await signIn('not the password')).status).toBe(401);
  },
);

test.each(Object.entries(imported))(
  '%s: a password that other systems did not normalize signs in, also after the renewal',
  async (_name, hash) => {
    const typed = 'pässwörd-Ångström ﬁve'.normalize('NFD');
    await store(await hash(typed));
    expect((await signIn(typed)).status).toBe(200);
    expect(await storedHash()).toMatch(current);
    expect((await signIn(typed)).status).toBe(200);
    expect((await signIn(typed.normalize('NFC'))).status).toBe(200);
  },
);

test('wrong passwords for an imported hash lead to the same pause as for any other', async () => {
  await store(await hashWithBcrypt(visitor.password, 4));
  const attacker = new Visitor(service);
  const guess = () => signInAs(attacker, visitor, 'not the password');
  const statuses = [];
  for (let tries = 0; tries < 8; tries += 1) statuses.push((await guess()).status);
  expect(statuses[0]).toBe(401);
  expect(statuses.at(-1)).toBe(429);
});

test('bcrypt reads 72 bytes: a longer password signs in, and is not hashed anew with what was not verified', async () => {
  const long = `${'x'.repeat(72)} and more`;
  const before = await store(await hashWithBcrypt(long, 4));
  expect((await signIn(`${'x'.repeat(72)} and a typing error`)).status).toBe(200);
  expect(await storedHash()).toBe(before);
  expect((await signIn(long)).status).toBe(200);
  expect((await signIn('x'.repeat(71))).status).toBe(401);
});

test('a hash that would cost too much is not computed: 500, and the log says why', async () => {
  await store('$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW');
  const answer = await signIn('U*U');
  expect(answer.status).toBe(500);
  expect(answer.json).toMatchObject({ code: 'INTERNAL_ERROR' });
  expect(service.logText()).toContain('hash_too_costly');
});
