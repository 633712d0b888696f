/** What each source's export says of a user, and the spellings of hashes in exports. */
import { pbkdf2Sync, scryptSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { verifyPassword } from '../../src/auth/password.js';
import { checkUser, type CheckOptions } from '../../src/operator/import/check-user.js';
import { convertHash } from '../../src/operator/import/convert-hash.js';
import type { Source } from '../../src/operator/import/source-user.js';
import { auth0 } from '../../src/operator/import/sources/auth0.js';
import { clerk } from '../../src/operator/import/sources/clerk.js';
import { firebase } from '../../src/operator/import/sources/firebase.js';
import { kratos } from '../../src/operator/import/sources/kratos.js';
import { supabase } from '../../src/operator/import/sources/supabase.js';

const bcrypt = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'; // of U*U
const project = {
  signerKey:
    'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
  saltSeparator: 'Bw==',
  rounds: 8,
  memoryCost: 14,
};
const firebaseSalt = '42xEC+ixf3L2lw==';
const firebaseHash =
  'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==';

function check(source: Source, line: object, options: Partial<CheckOptions> = {}) {
  const user = source.read(line);
  if (user === undefined) return 'not_a_user';
  return checkUser(user, {
    providers: new Map(Object.entries(source.providers)),
    keepIds: true,
    withoutUnknownPasswords: false,
    checkProfile: () => undefined,
    now: new Date('2026-01-01'),
    ...options,
  });
}

const ada = {
  email: 'ada@example.com',
  emailVerified: true,
  name: 'Ada Lovelace',
  image: 'https://example.com/ada.png',
  createdAt: new Date('2020-01-02T03:04:05.000Z'),
  profile: undefined,
};

const exported: Readonly<Record<string, { source: Source; line: object; blocked: object }>> = {
  auth0: {
    source: auth0,
    line: {
      user_id: 'auth0|5f7c8ec7c33c6c004bbafe82',
      email: 'Ada@example.com',
      email_verified: true,
      name: 'Ada Lovelace',
      picture: 'https://example.com/ada.png',
      created_at: '2020-01-02T03:04:05.000Z',
      passwordHash: bcrypt,
      identities: [
        { provider: 'auth0', user_id: '5f7c8ec7c33c6c004bbafe82', connection: 'Users' },
        { provider: 'google-oauth2', user_id: '1234567890', connection: 'google-oauth2' },
        { provider: 'windowslive', user_id: 'abc' },
      ],
      multifactor: ['guardian'],
      logins_count: 3,
    },
    blocked: { blocked: true },
  },
  supabase: {
    source: supabase,
    line: {
      id: '7e2f5f0e-0a2c-4c39-8f1a-1f7c2f1a9b3c',
      email: 'ada@example.com',
      email_confirmed_at: '2020-01-02T03:04:05+00:00',
      encrypted_password: bcrypt,
      raw_user_meta_data: { full_name: 'Ada Lovelace', avatar_url: 'https://example.com/ada.png' },
      created_at: '2020-01-02T03:04:05+00:00',
      banned_until: '2021-01-01T00:00:00+00:00',
      deleted_at: null,
      identities: [
        { provider: 'email', provider_id: '7e2f5f0e-0a2c-4c39-8f1a-1f7c2f1a9b3c' },
        { provider: 'google', provider_id: '1234567890' },
      ],
    },
    blocked: { banned_until: '2124-01-01T00:00:00+00:00' },
  },
  clerk: {
    source: clerk,
    line: {
      id: 'user_2abc',
      first_name: 'Ada',
      last_name: 'Lovelace',
      username: '',
      primary_email_address: 'ada@example.com',
      verified_email_addresses: 'other@example.com|ada@example.com',
      totp_secret: 'JBSWY3DPEHPK3PXP',
      password_digest: bcrypt,
      password_hasher: 'bcrypt',
      image_url: 'https://example.com/ada.png',
      created_at: 1577934245000,
      external_accounts: [{ provider: 'oauth_google', provider_user_id: '1234567890' }],
    },
    blocked: { banned: true },
  },
  kratos: {
    source: kratos,
    line: {
      id: '7e2f5f0e-0a2c-4c39-8f1a-1f7c2f1a9b3c',
      schema_id: 'default',
      state: 'active',
      traits: {
        email: 'Ada@example.com',
        name: { first: 'Ada', last: 'Lovelace' },
        picture: 'https://example.com/ada.png',
      },
      verifiable_addresses: [{ value: 'ada@example.com', verified: true, via: 'email' }],
      created_at: '2020-01-02T03:04:05Z',
      credentials: {
        password: { type: 'password', config: { hashed_password: bcrypt } },
        oidc: { config: { providers: [{ subject: '1234567890', provider: 'google' }] } },
        totp: { type: 'totp' },
      },
    },
    blocked: { state: 'inactive' },
  },
  firebase: {
    source: firebase(project),
    line: {
      localId: 'Abc123',
      email: 'ada@example.com',
      emailVerified: true,
      displayName: 'Ada Lovelace',
      photoUrl: 'https://example.com/ada.png',
      createdAt: '1577934245000',
      passwordHash: firebaseHash.replaceAll('+', '-').replaceAll('/', '_'),
      salt: firebaseSalt,
      disabled: false,
      providerUserInfo: [
        { providerId: 'password', rawId: 'ada@example.com' },
        { providerId: 'google.com', rawId: '1234567890' },
      ],
    },
    blocked: { disabled: true },
  },
};

describe.each(Object.entries(exported))('%s', (name, { source, line, blocked }) => {
  test('a user is read with address, name, time, hash and logins', async () => {
    const user = check(source, line);
    if (typeof user === 'string') throw new Error(user);
    expect(user).toMatchObject(ada);
    expect(user.logins).toEqual([{ provider: 'google', subject: '1234567890' }]);
    const password = name === 'firebase' ? 'user1password' : 'U*U';
    expect(await verifyPassword(user.hash ?? '', password)).toBe(true);
  });

  test('a blocked user is refused', () => {
    expect(check(source, { ...line, ...blocked })).toBe('blocked');
  });

  test('a user without anything but the address is not verified and has no password', () => {
    const { email } = ada;
    const bare = check(
      source,
      { email, primary_email_address: email, traits: { email } },
      { keepIds: false },
    );
    expect(bare).toMatchObject({ email, emailVerified: false, hash: undefined, logins: [] });
  });

  test('a line of another shape is refused', () => {
    expect(check(source, {}, { keepIds: false })).toBe('email_missing');
    for (const email of [1, {}, []]) {
      const odd = { email, primary_email_address: email, traits: { email } };
      expect(check(source, odd)).toBe('not_a_user');
    }
  });
});

test.each(['auth0', 'clerk', 'kratos'])('%s: second factors are reported as omitted', (name) => {
  const { source = auth0, line = {} } = exported[name] ?? {};
  expect(check(source, line)).toMatchObject({
    omitted: expect.arrayContaining(['second_factor']) as string[],
  });
});

test('without the parameters of the project, hashes of Firebase are unknown', () => {
  expect(check(firebase(undefined), exported.firebase?.line ?? {})).toBe('hash_unknown');
});

describe('the spellings of hashes', () => {
  const salt = 'saltsalt';
  const key = (digest: string, length: number) => pbkdf2Sync('secret', salt, 1000, length, digest);
  const scryptKey = scryptSync('secret', salt, 64, { N: 16_384, r: 8, p: 1 });
  const b64 = (value: string | Buffer) => Buffer.from(value).toString('base64');
  const bare = (value: string | Buffer) => b64(value).replace(/=+$/, '');
  const passlib = (value: string | Buffer) => bare(value).replaceAll('+', '.');
  const digestOf = (hasher: string, digest: string) =>
    clerk.read({ password_hasher: hasher, password_digest: digest })?.hash ?? '';

  test.each<[string, string, string?]>([
    ['Django', `pbkdf2_sha256$1000$${salt}$${b64(key('sha256', 32))}`],
    ['Django with SHA-1', `pbkdf2_sha1$1000$${salt}$${b64(key('sha1', 20))}`],
    ['Django with bcrypt', `bcrypt$${bcrypt}`, 'U*U'],
    ['Kratos', `$pbkdf2-sha512$i=1000,l=64$${bare(salt)}$${bare(key('sha512', 64))}`],
    ["Kratos' scrypt", `$scrypt$ln=16384,r=8,p=1$${b64(salt)}$${b64(scryptKey)}`],
    [
      "Kratos' Firebase",
      `$firescrypt$ln=14,r=8,p=1$${firebaseSalt}$${firebaseHash}$Bw==$${project.signerKey}`,
      'user1password',
    ],
    ['passlib', `$pbkdf2-sha256$1000$${passlib(salt)}$${passlib(key('sha256', 32))}`],
    ['passlib with SHA-1', `$pbkdf2$1000$${passlib(salt)}$${passlib(key('sha1', 20))}`],
    ['Werkzeug', `pbkdf2:sha256:1000$${salt}$${key('sha256', 32).toString('hex')}`],
    ["Werkzeug's scrypt", `scrypt:16384:8:1$${salt}$${scryptKey.toString('hex')}`],
    [
      "Clerk's pbkdf2_sha256",
      digestOf('pbkdf2_sha256', `pbkdf2_sha256$1000$${b64(salt)}$${b64(key('sha256', 32))}`),
    ],
    [
      "Clerk's pbkdf2_sha1",
      digestOf('pbkdf2_sha1', `pbkdf2_sha1$1000$${salt}$${key('sha1', 20).toString('hex')}`),
    ],
    [
      "Clerk's scrypt_firebase",
      digestOf('scrypt_firebase', `${firebaseHash}$${firebaseSalt}$${project.signerKey}$Bw==$8$14`),
      'user1password',
    ],
  ])('%s', async (_name, spelling, password = 'secret') => {
    const converted = convertHash(spelling);
    expect(await verifyPassword(converted, password)).toBe(true);
    expect(await verifyPassword(converted, `${password}!`)).toBe(false);
  });
});
