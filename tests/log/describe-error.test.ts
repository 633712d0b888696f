import { describe, expect, test } from 'vitest';
import { describeError } from '../../src/log/describe-error.js';

const token = 'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vX';

describe('an error of the service', () => {
  test('shows its name, code, message and where it was thrown', () => {
    const error = Object.assign(new RangeError('too far'), { code: 'TOO_FAR' });
    const described = describeError(error);
    expect(described).toMatchObject({ type: 'RangeError', code: 'TOO_FAR', message: 'too far' });
    expect(described.stack?.[0]).toMatch(/^at .*describe-error\.test\.ts/);
  });

  test('has e-mail addresses and tokens masked in its message and stack', () => {
    const described = describeError(new Error(`no ${token} for ada@example.com`));
    expect(described.message).toBe('no [token] for [email]');
    expect(JSON.stringify(described)).not.toMatch(/ada@example|aB3dE5/);
  });

  test('shows no frames for lines of its message that look like frames', () => {
    const described = describeError(new Error('first\n    at hunter2 (file.ts:1:1)\n  at last'));
    expect(JSON.stringify(described.stack)).not.toMatch(/hunter2|at last/);
    expect(described.stack?.[0]).toMatch(/describe-error\.test\.ts/);
  });

  test('shows only explicitly selected properties', () => {
    const error = Object.assign(new Error('x'), {
      detail: 'd',
      input: 'i',
      password: 'p',
      code: 7,
    });
    expect(Object.keys(describeError(error)).sort()).toEqual(['message', 'stack', 'type']);
  });
});

describe('causes', () => {
  test('are described three levels deep, without stacks', () => {
    const error = new Error('0');
    let innermost = error;
    for (const message of ['1', '2', '3', '4']) {
      innermost.cause = new Error(message);
      innermost = innermost.cause as Error;
    }
    const described = describeError(error);
    expect(described.cause?.cause?.cause).toEqual({ type: 'Error', message: '3' });
  });

  test('that are circular are cut off', () => {
    const first = new Error('first');
    const second = new Error('second', { cause: first });
    first.cause = second;
    expect(describeError(first).cause?.cause?.message).toBe('first');
    first.cause = first;
    expect(describeError(first)).toMatchObject({ message: 'first', cause: { message: 'first' } });
  });

  test('that are not errors are described by their type only', () => {
    const described = describeError(new Error('x', { cause: 'hunter2' }));
    expect(described.cause).toEqual({ type: 'string' });
  });
});

describe('an AggregateError', () => {
  test('is described by its first error', () => {
    const refused = (address: string) =>
      Object.assign(new Error(`connect ECONNREFUSED ${address}:1`), { code: 'ECONNREFUSED' });
    const both = new AggregateError([refused('::1'), refused('127.0.0.1')]);
    expect(describeError(both)).toMatchObject({
      type: 'AggregateError',
      cause: { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED ::1:1' },
    });
  });

  test('has no cause if it is empty', () => {
    expect(describeError(new AggregateError([], 'all failed'))).not.toHaveProperty('cause');
  });
});

test.each([
  ['a string', 'hunter2', 'string'],
  ['null', null, 'object'],
  ['undefined', undefined, 'undefined'],
  ['an object', { password: 'hunter2' }, 'object'],
  ['a number', 42, 'number'],
])('a thrown %s is described by its type only', (_, thrown, type) => {
  expect(describeError(thrown)).toEqual({ type });
});
