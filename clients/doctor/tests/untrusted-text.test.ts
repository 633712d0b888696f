/** Text from servers that may be hostile. */
import { expect, test } from 'vitest';
import { hostileTexts, isFast } from '../../../tests/support/hostile-text.js';
import { sanitizeForTerminal } from '../src/untrusted-text.js';

test.each([
  ['control characters', 'a\u001b[31mb\u009b0m\r\nc', 'a [31mb 0m c'],
  ['a query', 'https://www.example.com/login?token=abc', 'https://www.example.com/login?[query]'],
  ['an e-mail address', 'mail ada@example.com', 'mail [email]'],
  ['a token', 'Bearer 0123456789abcdef0123456789abcdef', 'Bearer [token]'],
  ['160 characters and more', 'x '.repeat(100), 'x '.repeat(80)],
])('%s', (_what, text, expected) => {
  expect(sanitizeForTerminal(text)).toBe(expected);
});

test.each(Object.entries(hostileTexts))('100 kB of %s take linear time', async (_title, text) => {
  const limit = { times: 15, floorMs: 2, runs: 5 };
  expect(await isFast(sanitizeForTerminal, text, limit)).toBe(true);
});
