import { describe, expect, test } from 'vitest';
import { maskShape, maskText } from '../../src/log/mask.js';

const token = 'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vX';
const signature = 'k3+Zx/9QmT7wYb2LrV5nHs8dJf4gPc6aXe1uWi0oAqE=';

const base64url = signature.replaceAll('+', '-').replaceAll('/', '_').slice(0, -1);
const jwt = `eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhZGEifQ.${base64url}`;
const encoded = (text: string) =>
  Array.from(text, (letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');

describe('maskText', () => {
  test.each([
    ['an e-mail address', 'existing email: ada@example.com', 'existing email: [email]'],
    ['one between quotes', 'user "ada@example.com" exists', 'user "[email]" exists'],
    ['one with a tag', 'ada.l+spam@mail.example.co.uk', '[email]'],
    ['one with an apostrophe', "o'brien@example.com", '[email]'],
    ['one in a path', '/user/ada@example.com/edit', '/user/[email]/edit'],
    ['one that is percent-encoded', '/user/ada%40example.com', '/user/[email]'],
    ['two of them', 'a@b.test, c@d.test', '[email], [email]'],
    ['a session token', `token ${token} unknown`, 'token [token] unknown'],
    ['a reset token of 24 characters', `/reset/${token.slice(8)}`, '/reset/[token]'],
    ['a signature', `bad ${signature}`, 'bad [signature]'],
    ['a percent-encoded one', `bad ${encodeURIComponent(signature)}`, 'bad [signature]'],
    ['a whole session cookie', `${token}.${signature}`, '[token].[signature]'],
    ['one that lost its end', `${token}.${signature.slice(0, -1)}`, '[token]'],
    ['an address that is encoded twice', '/a/victim%2540example.org', '/a/[email]'],
    ['one that is encoded five times', '/a/victim%2525252540example.org', '/a/[email]'],
    ['one whose encoding is encoded', '/a/victim%25%34%30example.org', '/a/[email]'],
    ['one of which every letter is encoded', '/a/%76ictim%40%65xample.org', '/a/[email]'],
    ['one with two at signs', 'victim@@example.org', '[email]'],
    ['a token whose letters are encoded', `/a/${encoded(token)}`, '/a/[token]'],
    ['a cookie whose dot is encoded', `/a/${token}%2E${signature}`, '/a/[token].[signature]'],
    ['a query whose mark is encoded', '/a%253Ftoken=x', '/a?[query]'],
    ['a signature in base64url', `bad ${base64url}`, 'bad [token]'],
    ['a JSON Web Token', `bad ${jwt}`, 'bad [token]'],
    [
      'a truncated cookie with an early slash',
      `${token.slice(1)}.Ab1/x+${signature.slice(0, 38)}`,
      '[token]',
    ],
    ['the beginning of one', `bad ${jwt.slice(0, 30)}`, 'bad [token]'],
    [
      'a URL’s query',
      'Invalid callbackURL: https://a.test/b?c=d#e',
      'Invalid callbackURL: https://a.test/b?[query]',
    ],
  ])('%s is masked', (_, text, expected) => {
    expect(maskText(text)).toBe(expected);
  });

  test('words between slashes, dots, hyphens and underscores are masked as in a longer text', () => {
    const words = ['', 'session', 'eyJ', 'eyJhbGciOi', 'e', 'yJ', 'a'.repeat(23), 'aBc'.repeat(8)];
    const texts = words.flatMap((first) =>
      words.flatMap((second) => ['/', '.', '-', '_', ''].map((mark) => first + mark + second)),
    );
    for (const text of texts) expect(maskText(text)).toBe(maskText(`${text} 1`).slice(0, -2));
    expect(texts.filter((text) => maskText(text) !== text)).not.toEqual([]);
  });

  test.each([
    'relation "account_provider_id_account_id_key" does not exist',
    'connect ECONNREFUSED 127.0.0.1:5432',
    'getaddrinfo ENOTFOUND ep-quiet-darkness-a1b2c3d4-pooler.eu-central-1.neon.tech',
    '/api/auth/request-password-reset',
    'Is it there? Nobody knows.',
    '4b0c2f6e-6d0a-4c57-9f6b-0e6f5a1d2c3b',
    'node_modules/@node-rs/argon2/index.js',
    '/a%20path%2Fwith%25encodings',
    '/%E3%81%AF%E3%81%98%E3%82%81%E3%81%AB',
  ])('what an operator needs stays: %s', (text) => {
    expect(maskText(text)).toBe(text);
  });

  test('a text that is encoded too often to be a mistake is not shown', () => {
    let text = 'victim@example.org';
    for (let time = 1; time <= 12; time += 1) text = text.replace(/[%@4a-z]/g, encoded);
    expect(maskText(text.slice(0, 1_500))).not.toMatch(/victim|example/);
  });

  test.each([
    ['an address', 'victim.of.nobody@example.org'],
    ['an encoded address', encoded('victim@example.org')],
    ['a token', token],
    ['a session cookie', `${token}.${signature}`],
    ['an encoded session cookie', encodeURIComponent(`${token}.${signature}`)],
    ['a JSON Web Token', jwt],
  ])('%s that is cut in half by the bound shows nothing of itself', (_, secret) => {
    for (let at = 1_900; at <= 2_000; at += 1) {
      for (const separator of [' ', '/', '?q=']) {
        const text = `${'- '.repeat(1_000).slice(0, at)}${separator}${secret} and more`;
        const masked = maskText(text);
        expect(masked.length).toBeLessThanOrEqual(2_000);
        for (let from = 0; from + 6 <= secret.length; from += 1) {
          const part = secret.slice(from, from + 6);
          if (masked.includes(part)) expect.fail(`${at} shows ${part}`);
        }
      }
    }
  });
});

describe('maskShape', () => {
  test('every letter and digit is replaced, everything else is kept', () => {
    expect(maskShape('aZ09.+/=%2B"\' ,-_')).toBe('aa00.+/=%0a"\' ,-_');
  });

  test('letters and digits of any script are replaced', () => {
    expect(maskShape('äßЖ語ª ٣५Ⅻ²')).toBe('aaaaa 0000');
  });

  test('also outside the Basic Multilingual Plane', () => {
    expect(maskShape('𝒜𝟗')).toBe('a0');
  });

  test('no letter or digit of Unicode remains', () => {
    for (let point = 0x80; point <= 0x10ffff; point += 1) {
      const character = String.fromCodePoint(point);
      if (!/[\p{L}\p{N}]/u.test(character)) continue;
      if (!/^[a0]$/.test(maskShape(character))) expect.fail(`U+${point.toString(16)}`);
    }
  });
});
