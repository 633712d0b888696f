/** The log in a terminal: one line per request, without control characters. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPretty } from '../../src/log/pretty.js';

const plain = createPretty({ isColored: false });
const time = '2026-01-31T12:00:00.000Z';
const line = (fields: object) => plain(`${JSON.stringify({ level: 'info', time, ...fields })}\n`);
const withoutTime = (text: string) => text.replace(/^\d\d:\d\d:\d\d {2}/, '');

describe('a request', () => {
  const request = { msg: 'request', requestId: 'r-1', method: 'GET', path: '/session' };

  test('that succeeded is one line without details', () => {
    const well = { ...request, status: 200, durationMs: 2.6, reason: 'valid', cookieName: 'c' };
    expect(withoutTime(line(well))).toBe('GET /session 200 3 ms valid\n');
  });

  test('that was refused is one line with reason and hint', () => {
    const refused = { ...request, status: 401, durationMs: 1, reason: 'bad_signature', hint: 'do' };
    expect(withoutTime(line(refused))).toBe('GET /session 401 1 ms bad_signature → do\n');
  });

  test('that failed shows its id, which identifies the related error line', () => {
    const failed = { ...request, status: 503, durationMs: 1, code: 'DATABASE_UNAVAILABLE' };
    expect(withoutTime(line(failed))).toBe(
      'GET /session 503 1 ms DATABASE_UNAVAILABLE requestId=r-1\n',
    );
  });

  test('from an untrusted origin says which setting to change', () => {
    const foreign = { ...request, status: 200, durationMs: 1, originHint: 'add it' };
    expect(line(foreign)).toContain('→ add it');
  });
});

test('a finding shows code, message and fix', () => {
  const finding = {
    level: 'warn',
    code: 'HOST_BAD',
    variable: 'HOST',
    fix: 'set it',
    msg: 'HOST is',
  };
  expect(withoutTime(line(finding))).toBe('WARN HOST_BAD  HOST is\n           → set it\n');
});

test('an error shows its type, message and stack, and those of its cause', () => {
  const err = { type: 'Error', message: 'outer', stack: ['at a'], cause: { type: 'E', code: 'X' } };
  const shown = line({ level: 'error', err, msg: 'it failed' });
  for (const part of ['ERROR it failed', 'Error outer', 'at a', 'E X'])
    expect(shown).toContain(part);
});

test('control characters and bidirectional formatting characters in values are escaped', () => {
  const unit = fc.oneof(
    fc.constantFrom(
      '\u001b[31m',
      '\u009b2J',
      '\u0007',
      '\r',
      '\u202e',
      '\u2066',
      '\u0000',
      '\u2028',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.array(unit).map((parts) => parts.join('')),
      (value) => {
        const fields = { method: value, path: value, status: 401, durationMs: 1, reason: value };
        const more = {
          hint: value,
          code: value,
          fix: value,
          seen: value,
          other: value,
          [value]: 1,
        };
        const deep = {
          [value]: { [value]: value },
          list: [value],
          err: { message: value, stack: [value] },
        };
        for (const msg of ['request', 'startup', value]) {
          const shown = line({ ...more, ...deep, ...fields, msg });
          expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{C}\u2028\u2029]/u);
        }
        expect(plain(value).replaceAll('\n', '')).not.toMatch(/[\p{C}\u2028\u2029]/u);
      },
    ),
  );
});

test('a coloured line contains only colour sequences', () => {
  const colored = createPretty({ isColored: true });
  const shown = colored(JSON.stringify({ time, msg: 'request', status: 500, path: '\u001b[2J' }));
  expect(shown).toContain('\u001b[31m500');
  // eslint-disable-next-line no-control-regex -- looks for them
  expect(shown.replace(/\u001b\[\d+m/g, '')).not.toMatch(/\u001b/);
});
