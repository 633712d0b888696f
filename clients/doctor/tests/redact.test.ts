/** Registered secrets are removed from all output, in each form in which a server may return them. */
import { expect, test } from 'vitest';
import { createRedaction } from '../src/redact.js';

function redacted(secrets: readonly string[], text: string): string {
  const { registerSecret, redact } = createRedaction();
  for (const secret of secrets) registerSecret(secret);
  return redact(text);
}

const raw = 'token/+of.signature=';
const percentEncoded = 'token%2F%2Bof.signature%3D';

test.each([
  ['unchanged', raw, raw],
  ['decoded', percentEncoded, raw],
  ['encoded', raw, percentEncoded],
])('a secret that is returned %s', (_what, registered, printed) => {
  expect(redacted([registered], `message: ${printed}, twice: ${printed}.`)).toBe(
    'message: [redacted], twice: [redacted].',
  );
});

test.each([
  [8, '12345678', '[redacted]'],
  [7, '1234567', '1234567'],
])('a truncated secret of %i characters', (_length, printed, expected) => {
  expect(redacted(['1234567890abcdef'], `message: ${printed}`)).toBe(`message: ${expected}`);
  expect(redacted(['1234567890abcdef'], `message: ${printed} and more`)).toBe(
    `message: ${expected} and more`,
  );
});

test('of two secrets with a common prefix the longer match is redacted', () => {
  expect(redacted(['12345678', '12345678.signature'], '12345678.signa, 123456789')).toBe(
    '[redacted], [redacted]9',
  );
});

test('secrets shorter than 8 characters are not redacted, because they occur in words', () => {
  expect(redacted(['session'], 'a session')).toBe('a session');
});
