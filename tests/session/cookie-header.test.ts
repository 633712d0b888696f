import { expect, test } from 'vitest';
import { decodeOnce, readCookies } from '../../src/session/cookie-header.js';
import { parseCookies } from '../support/better-call.js';

/** Our parsed cookies in BetterAuth's form: the first of a name, decoded once. */
function readLikeBetterAuth(header: string): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const { name, value } of readCookies(header)) {
    if (!cookies.has(name)) cookies.set(name, decodeOnce(value));
  }
  return cookies;
}

const oddHeaders = [
  '',
  ';',
  '=',
  '==',
  'a',
  'a=1',
  'a=1; b=2',
  'a=1;b=2',
  'a=1,b=2',
  ' a = 1 ;\tb\t=\t2 ',
  'a=1; a=2',
  'a; b=2',
  'a=1; b',
  ';;a=1;;',
  '=value; a=1',
  'a=; b=2',
  'a=b=c==',
  'a="1"',
  'a="1',
  'a="',
  'a=""',
  'a=1"',
  'a="1"2',
  `a='1'`,
  'a="1;2"; b=3',
  'a=%41',
  'a=%2541',
  'a=%',
  'a=%zz; b=%41',
  'a=%E2%82%AC',
  'a=%E2%82',
  'a=1+2',
  'a=1 2',
  'a=\u00a01\u00a0',
  'a=\u00ff\u00fe',
  '__proto__=1; constructor=2; toString=3',
  '__Secure-better-auth.session_token=abc.def%3D; other=1',
  '$Version=1; a=1; $Path=/',
  `a=${'x'.repeat(10_000)}`,
];

test.each(oddHeaders)('the Cookie header %j is parsed as BetterAuth parses it', (header) => {
  expect(readLikeBetterAuth(header)).toEqual(parseCookies(header));
});

test('every Cookie header of up to five unusual characters is parsed as BetterAuth parses it', () => {
  const alphabet = ['a', '=', ';', ' ', '"', '%', '4'];
  let headers = [''];
  for (let length = 1; length <= 5; length += 1) {
    headers = headers.flatMap((start) => alphabet.map((character) => start + character));
    const different = headers.filter((header) => !isReadAlike(header));
    expect(different).toEqual([]);
  }
});

function isReadAlike(header: string): boolean {
  const entries = (cookies: Map<string, string>) => JSON.stringify([...cookies]);
  return entries(readLikeBetterAuth(header)) === entries(parseCookies(header));
}

test('keeps all cookies of one name, in order', () => {
  expect(readCookies('a=1; b=x; a=2; a="3"')).toEqual([
    { name: 'a', value: '1' },
    { name: 'b', value: 'x' },
    { name: 'a', value: '2' },
    { name: 'a', value: '3' },
  ]);
});

test('percent-decodes a value only once, and returns it unchanged if that fails', () => {
  expect(decodeOnce('%2541')).toBe('%41');
  expect(decodeOnce('a+b')).toBe('a+b');
  expect(decodeOnce('%41%')).toBe('%41%');
});
