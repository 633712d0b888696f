/** What the doctor handled is taken out of everything it prints, in each form it may come back in. */
import { expect, test } from 'vitest';
import { createRedaction } from '../../src/doctor/redact.js';

function redacted(secrets: readonly string[], text: string): string {
  const { keep, redact } = createRedaction();
  for (const secret of secrets) keep(secret);
  return redact(text);
}

const raw = 'token/+of.signature=';
const percentEncoded = 'token%2F%2Bof.signature%3D';

test.each([
  ['as it was kept', raw, raw],
  ['decoded', percentEncoded, raw],
  ['encoded', raw, percentEncoded],
])('a secret that comes back %s', (_what, kept, printed) => {
  expect(redacted([kept], `seen: ${printed}, twice: ${printed}.`)).toBe(
    'seen: [redacted], twice: [redacted].',
  );
});

test.each([
  [8, '12345678', '[redacted]'],
  [7, '1234567', '1234567'],
])('of a secret that was cut, %i characters', (_length, printed, expected) => {
  expect(redacted(['1234567890abcdef'], `seen: ${printed}`)).toBe(`seen: ${expected}`);
  expect(redacted(['1234567890abcdef'], `seen: ${printed} and more`)).toBe(
    `seen: ${expected} and more`,
  );
});

test('all that stands there of a secret goes, and of two that begin alike the longer', () => {
  expect(redacted(['12345678', '12345678.signature'], '12345678.signa, 123456789')).toBe(
    '[redacted], [redacted]9',
  );
});

test('what is shorter than 8 characters is left in ordinary words', () => {
  expect(redacted(['session'], 'a session')).toBe('a session');
});
