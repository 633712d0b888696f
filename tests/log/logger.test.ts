/** The second safeguard: a field with a secret's name never shows its text, whichever code logs it. */
import { expect, test } from 'vitest';
import { createLogger } from '../../src/log/logger.js';

function logged(fields: object): Record<string, unknown> {
  let text = '';
  createLogger('info', { write: (line: string) => void (text += line) }).info(fields, 'hello');
  return JSON.parse(text) as Record<string, unknown>;
}

test.each(['password', 'token', 'cookie', 'authorization', 'secret', 'email'])(
  'the text of a field named %s is redacted, at the top level and one level down',
  (name) => {
    const line = logged({
      [name]: 'zq-canary',
      body: { [name]: 'zq-canary', other: 1 },
      kept: 'x',
    });
    expect(line).toMatchObject({
      [name]: '[redacted]',
      body: { [name]: '[redacted]', other: 1 },
      kept: 'x',
      msg: 'hello',
    });
  },
);

test('objects that describe a secret are kept, and so are lists, times and errors', () => {
  const since = new Date(0);
  const line = logged({
    secret: { length: 44, fingerprint: 'c5946f33' },
    checks: { 1: 2 },
    findings: [{ code: 'A' }],
    since,
    err: new TypeError('no'),
  });
  expect(line).toMatchObject({
    secret: { length: 44, fingerprint: 'c5946f33' },
    checks: { 1: 2 },
    findings: [{ code: 'A' }],
    since: since.toISOString(),
    err: { type: 'TypeError', message: 'no' },
  });
});
