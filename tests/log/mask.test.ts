import { describe, expect, test } from 'vitest';
import { maskShape, maskText } from '../../src/log/mask.js';

const token = 'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vX';
const signature = 'k3+Zx/9QmT7wYb2LrV5nHs8dJf4gPc6aXe1uWi0oAqE=';

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
    [
      'a URL’s query',
      'Invalid callbackURL: https://a.test/b?c=d#e',
      'Invalid callbackURL: https://a.test/b?[query]',
    ],
  ])('%s is masked', (_, text, expected) => {
    expect(maskText(text)).toBe(expected);
  });

  test.each([
    'relation "account_provider_id_account_id_key" does not exist',
    'connect ECONNREFUSED 127.0.0.1:5432',
    'getaddrinfo ENOTFOUND ep-quiet-darkness-a1b2c3d4-pooler.eu-central-1.neon.tech',
    '/api/auth/request-password-reset',
    'Is it there? Nobody knows.',
    '4b0c2f6e-6d0a-4c57-9f6b-0e6f5a1d2c3b',
  ])('what an operator needs stays: %s', (text) => {
    expect(maskText(text)).toBe(text);
  });

  test('a text made to be slow is masked within a moment', () => {
    const startedAt = performance.now();
    maskText('a'.repeat(100_000));
    maskText('a.'.repeat(100_000));
    maskText('a@'.repeat(100_000));
    expect(performance.now() - startedAt).toBeLessThan(60_000);
  });
});

describe('maskShape', () => {
  test('every letter and digit is replaced, everything else keeps its place', () => {
    expect(maskShape('aZ09.+/=%2B"\' ,-_')).toBe('aa00.+/=%0a"\' ,-_');
  });

  test('letters and digits of any script are replaced', () => {
    expect(maskShape('äßЖ語ª ٣५Ⅻ²')).toBe('aaaaa 0000');
  });

  test('those beyond the first 65,536 characters of Unicode too', () => {
    expect(maskShape('𝒜𝟗')).toBe('a0');
  });

  test('no letter or digit of the whole of Unicode shows through', () => {
    for (let point = 0x80; point <= 0x10ffff; point += 1) {
      const character = String.fromCodePoint(point);
      if (!/[\p{L}\p{N}]/u.test(character)) continue;
      if (!/^[a0]$/.test(maskShape(character))) expect.fail(`U+${point.toString(16)}`);
    }
  });
});
