/** Which schemas are accepted, and what the report says of the others. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readConfig } from '../../../src/config/config.js';
import { findingsOf, validEnvironment, testNow } from '../../support/configuration.js';

const directory = mkdtempSync(join(tmpdir(), 'profile-schema-'));
afterAll(() => rmSync(directory, { recursive: true }));

function inFile(text: string): string {
  const path = join(directory, 'schema.json');
  writeFileSync(path, text);
  return path;
}

const reader = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    background: { type: 'string', enum: ['novice', 'expert'], title: 'Background', 'x-jwt': true },
    age: { type: 'integer', minimum: 13, maximum: 120, 'x-visibility': 'hidden' },
  },
  required: ['background'],
};

function settingsOf(value: string) {
  const env = { ...validEnvironment, PROFILE_SCHEMA: value };
  return readConfig(env, testNow).features['profile-fields'];
}

/** The messages of a schema that must be refused. */
function faultsOf(schema: unknown): string[] {
  const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
  return findingsOf({ PROFILE_SCHEMA: text }).map(({ code, level, variable, message }) => {
    expect([level, code, variable]).toEqual(['error', 'PROFILE_SCHEMA_INVALID', 'PROFILE_SCHEMA']);
    return message;
  });
}

test('a schema is read inline and from a file alike', () => {
  const inline = settingsOf(JSON.stringify(reader));
  expect(Object.keys(inline?.fields ?? {})).toEqual(['background', 'age']);
  expect(inline?.required).toEqual(['background']);
  expect(settingsOf(inFile(JSON.stringify(reader)))).toEqual(inline);
});

test('without the variable the feature is off', () => {
  expect(readConfig(validEnvironment, testNow).features['profile-fields']).toBeUndefined();
});

const withField = (field: unknown, name = 'background') => ({
  type: 'object',
  properties: { [name]: field },
});

test.each<[string, unknown, string]>([
  ['a list', '[1]', 'is neither an inline JSON Schema nor a readable file of at most 32 kB'],
  ['a missing file', './none.json', 'is neither an inline JSON Schema nor a readable file'],
  ['a directory', directory, 'is neither an inline JSON Schema nor a readable file'],
  ['no JSON', '{"type":', 'is invalid at its root'],
  ['another type', { type: 'string', properties: {} }, 'is invalid at type: it is not "object"'],
  ['no properties', { type: 'object' }, 'is invalid at properties: it is not an object'],
  [
    'further properties allowed',
    { ...reader, additionalProperties: true },
    'is invalid at additionalProperties: it is not false',
  ],
  [
    'a keyword of the root outside the subset',
    { ...reader, patternProperties: {} },
    'is invalid at its root: it has a keyword that the schema may not have',
  ],
  [
    'a required field that is not declared',
    { ...reader, required: ['email'] },
    'is invalid at required: it names a field that properties does not declare',
  ],
  ['a field without a type', withField({}), 'properties.background.type: it is none of "string",'],
  ['an array', withField({ type: 'array' }), 'properties.background'],
  ['a reference', withField({ $ref: 'https://example.com/a.json' }), 'properties.background'],
  [
    'a pattern, which could hang',
    withField({ type: 'string', pattern: '(a+)+$' }),
    'is invalid at properties.background: it has a keyword that a string may not have',
  ],
  [
    'a keyword of another type',
    withField({ type: 'integer', maxLength: 3 }),
    'properties.background: it has a keyword that a number may not have',
  ],
  [
    'an unknown format',
    withField({ type: 'string', format: 'ipv4' }),
    'properties.background.format: it is none of "date", "email" and "uri"',
  ],
  ['an empty enum', withField({ type: 'string', enum: [] }), 'properties.background.enum'],
  ['a repeated value', withField({ type: 'string', enum: ['a', 'a'] }), 'holds a value twice'],
  [
    'an unknown visibility',
    withField({ type: 'string', 'x-visibility': 'public' }),
    'properties.background.x-visibility: it is neither "session" nor "hidden"',
  ],
  [
    'a hidden field in a token',
    withField({ type: 'string', 'x-visibility': 'hidden', 'x-jwt': true }),
    'properties.background: it is hidden, and a JSON Web Token would show it',
  ],
  ['a name with a dot', withField({ type: 'boolean' }, 'a.b'), 'is invalid at properties.a.b'],
  ...['constructor', 'prototype', 'valueOf', 'toString', 'next', 'redirect', 'callbackUrl'].map(
    (name): [string, unknown, string] => [
      `the reserved name ${name}`,
      withField({ type: 'string' }, name),
      `is invalid at properties.${name}: it is a reserved name`,
    ],
  ),
  [
    'a field that is required twice',
    { ...reader, required: ['background', 'background'] },
    'is invalid at required: it holds a name twice',
  ],
  [
    'too many fields',
    {
      type: 'object',
      properties: Object.fromEntries(
        Array.from({ length: 31 }, (_, index) => [`f${index}`, { type: 'boolean' }]),
      ),
    },
    'is invalid at properties: it has more than 30',
  ],
  [
    'texts that are too long together',
    {
      type: 'object',
      properties: {
        a: { type: 'string', maxLength: 8_000 },
        b: { type: 'string' }, // 200 where not given
      },
    },
    'is invalid at properties: it allows texts of more than 8192 characters together',
  ],
  [
    'too large a schema',
    withField({ type: 'string', description: 'x'.repeat(33_000) }),
    'is larger than 32 kB',
  ],
])('%s is refused, with the place', (_name, schema, message) => {
  expect(faultsOf(schema)).toEqual([expect.stringContaining(message)]);
});

test('several faults are reported together', () => {
  const schema = { type: 'object', properties: { a: { type: 'x' }, b: { type: 'y' } } };
  expect(faultsOf(schema)).toHaveLength(2);
});
