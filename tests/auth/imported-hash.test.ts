/** Which hashes of other systems are accepted, with published vectors, and which are refused before they cost anything. */
import { describe, expect, test } from 'vitest';
import { parseImportedHash } from '../../src/auth/imported-hash.js';
import { verifyPassword } from '../../src/auth/password.js';
import { verifyImportedHash } from '../../src/auth/verify-imported-hash.js';

/** Published by the projects named, or by the RFC. */
const vectors: Readonly<Record<string, readonly [password: string, stored: string]>> = {
  'bcrypt $2a$ (Openwall)': ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  'Firebase scrypt (firebase/scrypt)': [
    'user1password',
    '$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
  ],
  'scrypt (RFC 7914, 12)': [
    'pleaseletmein',
    '$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw',
  ],
  'PBKDF2 with SHA-1 (RFC 6070)': [
    'password',
    '$pbkdf2-sha1$i=4096$c2FsdA$SwB5AbdlSJq+rUnZJvch0GWkKcE',
  ],
  'PBKDF2 with SHA-256 (RFC 7914, 11)': [
    'Password',
    '$pbkdf2-sha256$i=80000$TmFDbA$TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1ah1CWhIlgzVJrbhBtRybMXaicr3ruh0HhHj2Kzl/M8jQ',
  ],
};

test.each(Object.entries(vectors))('%s', async (_name, [password, stored]) => {
  expect(parseImportedHash(stored)).toBeTypeOf('object');
  expect(await verifyPassword(stored, password)).toBe(true);
  expect(await verifyPassword(stored, `${password}!`)).toBe(false);
});

const key = 'A'.repeat(43);

describe('refused as unknown', () => {
  test.each([
    ['', 'an empty text'],
    ['5f4dcc3b5aa765d61d8327deb882cf99', 'MD5'],
    ['$1$OKgLCmVl$d02jECa4DXn/oXX0R.MoQ/', 'md5crypt'],
    ['$2b$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW', 'bcrypt below its least cost'],
    ['$2b$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyO', 'bcrypt that was cut'],
    [
      '$argon2d$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$' + key,
      'argon2d, which is not meant for passwords',
    ],
    ['$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$AAAA', 'argon2 with a key of three bytes'],
    [
      '$argon2id$v=19$m=4,t=2,p=1$c2FsdHNhbHRzYWx0$' + key,
      'argon2 with less memory than it can have',
    ],
    ['$pbkdf2-sha256$i=0$c2FsdA$' + key, 'PBKDF2 without iterations'],
    ['$pbkdf2-sha256$i=1$c2FsdA$', 'PBKDF2 with an empty key, which every password matches'],
    ['$pbkdf2-sha256$i=1$c2FsdA$AAAA', 'PBKDF2 with a short key'],
    ['$scrypt$ln=0,r=8,p=1$c2FsdA$' + key, 'scrypt with N = 1'],
    ['$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=$c2FsdA==$', 'Firebase without a signer key'],
    [
      '$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=AAAA$c2FsdA==$AAAA',
      'Firebase with a short signer key',
    ],
    [
      `$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=${key}$c2FsdA==$${key}AAAA`,
      'Firebase with another key',
    ],
    ['ab'.repeat(16) + ':' + 'cd'.repeat(63), "BetterAuth's scrypt that was cut"],
  ])('%s (%s)', async (stored) => {
    expect(parseImportedHash(stored)).toBe('hash_unknown');
    await expect(verifyImportedHash(stored, 'a password')).rejects.toThrow('hash_unknown');
  });
});

describe('refused as too costly, at the import and at a sign-in', () => {
  test.each([
    '$2b$20$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
    '$pbkdf2-sha256$i=2000001$c2FsdA$' + key,
    '$pbkdf2-sha1$i=999999999$c2FsdA$' + key,
    '$scrypt$ln=18,r=8,p=1$c2FsdA$' + key,
    '$scrypt$ln=14,r=8,p=1000$c2FsdA$' + key,
    '$scrypt$ln=63,r=8,p=1$c2FsdA$' + key,
    `$fbscrypt$v=1,n=24,r=8,p=1,ss=Bw==,sk=${key}$c2FsdA==$${key}`,
    '$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHRzYWx0$' + key,
    '$argon2id$v=19$m=65536,t=999,p=1$c2FsdHNhbHRzYWx0$' + key,
  ])('%s', async (stored) => {
    expect(parseImportedHash(stored)).toBe('hash_too_costly');
    await expect(verifyImportedHash(stored, 'a password')).rejects.toThrow('hash_too_costly');
  });
});
