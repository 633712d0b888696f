import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { decodeOnce, readCookies } from '../../src/session/cookie-header.js';
import {
  splitSignedToken,
  tokenFingerprint,
  verifySignedToken,
} from '../../src/session/signed-token.js';
import { readSignedCookie, signCookie } from '../support/better-call.js';

const secret = 'the-secret-in-use-0123456789-0123456789';
const older = 'the-secret-before-0123456789-0123456789';
const oldest = 'the-first-secret-0123456789-0123456789';
const ring = [
  { version: 3, value: secret },
  { version: 2, value: older },
  { version: 1, value: oldest },
];
const token = 'abcdefghijklmnopqrstuvwxyz012345';
const signed = await signCookie(token, secret);

/** The token that our code reads from a cookie value of the header. */
function readToken(value: string): string | undefined {
  const [cookie] = readCookies(`signed=${value}`);
  return verifySignedToken(decodeOnce(cookie?.value ?? ''), [{ version: 1, value: secret }])?.token;
}

const tamperedValues: Record<string, string> = {
  'as it was signed': signed,
  'percent-decoded': decodeURIComponent(signed),
  'without the signature': token,
  empty: '',
  'only a dot': '.',
  'a signature without a token': signed.slice(token.length),
  'cut by one character': signed.slice(0, -1),
  'cut within the padding': signed.slice(0, -3),
  'one character longer': `${signed}A`,
  'with its first letter changed': `X${signed.slice(1)}`,
  'signed with another secret': await signCookie(token, older),
  'in quotes': `"${signed}"`,
  'in one quote': `"${signed}`,
  'with a second dot inside the token': await signCookie(`a.${token}`, secret),
  'with letters of other scripts': await signCookie('Zoë€𝄞', secret),
  'with an encoded null character': await signCookie('a\u0000b', secret),
  'percent-encoded twice': encodeURIComponent(signed),
  'in the alphabet of base64url': decodeURIComponent(signed).replace('+', '-').replace('/', '_'),
  'with blanks inside the signature': `${token}.${' '.repeat(43)}=`,
  'with two signs of padding': `${token}.${'A'.repeat(42)}==`,
  'with padding in front': `${token}.=${'A'.repeat(42)}=`,
  'with a letter base64 does not have': `${token}.${'é'.repeat(43)}=`,
};

test.each(Object.entries(tamperedValues))(
  'a cookie %s is accepted or rejected as by BetterAuth',
  async (_what, value) => {
    expect(readToken(value)).toBe(await readSignedCookie(value, secret));
  },
);

test('a thousand random tokens signed by BetterAuth verify', async () => {
  for (let round = 0; round < 1000; round += 1) {
    const random = randomBytes(round % 40).toString('latin1') + 'x';
    expect(readToken(await signCookie(random, secret))).toBe(random);
  }
});

test('a signature with any single character changed is accepted or rejected as by BetterAuth', async () => {
  const plain = decodeURIComponent(signed);
  const changed = Array.from(plain, (_character, place) => withLetter(plain, place, 'A'));
  // Only four of the last character's six bits are significant, so several characters give the same signature.
  const last = Array.from(base64, (letter) => withLetter(plain, plain.length - 2, letter));
  for (const value of [...changed, ...last].map(encodeURIComponent)) {
    expect(readToken(value)).toBe(await readSignedCookie(value, secret));
  }
});

const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function withLetter(text: string, place: number, letter: string): string {
  return text.slice(0, place) + letter + text.slice(place + 1);
}

test('returns the version of the secret that signed; only the first secret is current', async () => {
  const read = async (value: string) =>
    verifySignedToken(decodeOnce(await signCookie(token, value)), ring);
  expect(await read(secret)).toEqual({ token, secretVersion: 3, isCurrent: true });
  expect(await read(older)).toEqual({ token, secretVersion: 2, isCurrent: false });
  expect(await read(oldest)).toEqual({ token, secretVersion: 1, isCurrent: false });
  expect(await read('an-unknown-secret-0123456789-abcdefgh')).toBeUndefined();
});

test('splits a signed value at its last dot, and rejects other values', () => {
  const signature = `${'A'.repeat(43)}=`;
  expect(splitSignedToken(`a.b.${signature}`)).toEqual({ token: 'a.b', signature });
  expect(splitSignedToken(`.${signature}`)).toBeUndefined();
  expect(splitSignedToken(signature)).toBeUndefined();
  expect(splitSignedToken(`a.${signature}=`)).toBeUndefined();
});

test('the fingerprint is the first 8 hex digits of the SHA-256 of the token', () => {
  // printf %s abc | sha256sum
  expect(tokenFingerprint('abc')).toBe('ba7816bf');
});
