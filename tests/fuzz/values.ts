/** Unusual values for every part of a request. */
import fc from 'fast-check';
import { hostileTexts } from '../support/hostile-text.js';
import { mark } from './victims.js';

/** Contains the mark, so that a leak is noticed. */
const token = `${mark}0a1B2c3D4e5F6g7H8i9J0kLm`;
const signature = `${mark}/x+aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vX2y=`;
const jwt = `eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.${mark}-aB3_dE5fG7hI9jK1lM3nO5pQ7rS9tU1vX`;
const mail = `${mark}@example.org`;

const encodeAll = (text: string) =>
  Array.from(text, (letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
const encodeTimes = (text: string, times: number): string =>
  times === 0 ? text : encodeTimes(encodeURIComponent(text), times - 1);

/** A secret as a careless caller sends it: in the wrong place, and encoded several times. */
export const secret = fc
  .tuple(
    fc.constantFrom(token, `${token}.${signature}`, jwt, mail),
    fc.nat({ max: 4 }),
    fc.boolean(),
  )
  .map(([text, times, isPlain]) =>
    encodeTimes(isPlain ? text : encodeAll(text), isPlain ? times : 0),
  );

/** Up to 3,000 characters of a text that is slow to match. */
export const hostile = fc
  .tuple(fc.constantFrom(...Object.values(hostileTexts)), fc.constantFrom(20, 300, 3_000))
  .map(([text, length]) => text.slice(-length));

export const short = fc.constantFrom(
  '',
  'a',
  ' ',
  'null',
  'undefined',
  'true',
  '0',
  '-1',
  '1e999',
  'NaN',
  '..',
  '*',
  '%',
  '%00',
  '%zz',
  '%ff%fe',
  '%0d%0a',
  '\u0000',
  '\u001b[31m',
  '\u202e',
  'はじめに',
  '😀',
  "' or 1=1 --",
  '${7*7}',
  '<script>',
  '__proto__',
  'constructor',
  'toString',
);

export const url = fc.constantFrom(
  '/',
  '/welcome',
  '/はじめに',
  '/a\nb',
  '//evil.example',
  '/.//evil.example',
  '/%2e//evil.example',
  '/\t/evil.example',
  '/\\evil.example',
  'https:evil.example',
  'https://evil.example/',
  'http://localhost:3000/a',
  'http://user@localhost:3000/',
  'HTTP://LOCALHOST:3000/%2e%2e//evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'myapp://callback',
  '?',
  '#',
);

export const text = fc.oneof(
  { weight: 4, arbitrary: short },
  { weight: 2, arbitrary: hostile },
  { weight: 2, arbitrary: url },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

/** Any JSON, and some that JavaScript never produces. */
export const json = fc.oneof(
  { weight: 3, arbitrary: text.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: fc.json({ maxDepth: 4 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'null',
      'true',
      '0',
      '-0',
      '1e999',
      '[]',
      '{}',
      '[null]',
      '{"length":{"toString":1}}',
      '{"length":129}',
      '{"toString":1,"valueOf":2}',
      '{"then":1}',
      '{"$ne":null}',
      '"\\ud800"',
      '"\\u0000"',
      `${'['.repeat(7_000)}${']'.repeat(7_000)}`,
      `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`,
      `"${'x'.repeat(50_000)}"`,
      `[${'1,'.repeat(5_000)}1]`,
    ),
  },
);
