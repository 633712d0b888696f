/** Compares the lists of features with the folders, and checks rules for every feature. */
import { readdirSync, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { coreVariables } from '../../src/config/variables.js';
import { activateFeatures } from '../../src/features/active-features.js';
import type { Feature } from '../../src/features/definition.js';
import { definitions } from '../../src/features/definitions.js';
import { findingCodes, validEnvironment, testNow } from '../support/configuration.js';
import { everyFeatureOn } from '../support/every-feature.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const folders = readdirSync(`${project}src/features`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const features: readonly Feature[] = definitions;
const on = readConfig({ ...validEnvironment, ...everyFeatureOn }, testNow).features;

/** Whether the list imports a file of that name from the folder. */
function isListed(list: string, folder: string, file: string): boolean {
  const text = readFileSync(`${project}src/features/${list}`, 'utf8');
  return text.includes(`'./${folder}/${file}.js'`);
}

test('every folder is defined once, under its own name', () => {
  expect(features.map(({ name }) => name).sort()).toEqual([...folders].sort());
});

test('the environment in every-feature.ts switches every feature on', () => {
  expect(Object.values(on)).not.toContain(undefined);
  expect(activateFeatures(on).map(({ name }) => name)).toEqual(features.map(({ name }) => name));
});

test('without their variables all features but the audit trail are off', () => {
  const { features: settings } = readConfig(validEnvironment, testNow);
  expect(activateFeatures(settings).map(({ name }) => name)).toEqual(['audit']);
});

test('no variable belongs to two features, or to a feature and the core', () => {
  const names = [
    ...Object.keys(coreVariables.shape),
    ...features.flatMap(({ variables }) => Object.keys(variables)),
  ];
  expect(names).toEqual([...new Set(names)]);
});

test('no file outside of features mentions a variable of a feature', () => {
  const names = features.flatMap(({ variables }) => Object.keys(variables));
  const mention = new RegExp(`\\b(?:${names.join('|')})\\b`);
  const files = readdirSync(`${project}src`, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('features/'),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(
    files.filter((file) => mention.test(readFileSync(`${project}src/${file}`, 'utf8'))),
  ).toEqual([]);
});

test('faults of features are reported together with those of the core', () => {
  const codes = findingCodes({ PORT: 'http', COOKIE_DEBUG: 'raw', BETTER_AUTH_URL: undefined });
  expect(codes).toEqual([
    'error PORT_INVALID PORT',
    'error BASE_URL_MISSING BETTER_AUTH_URL',
    'error COOKIE_DEBUG_UNTIL_MISSING COOKIE_DEBUG_UNTIL',
  ]);
});

test('docs/logs.md lists the fields of the startup line that features add', () => {
  const page = readFileSync(`${project}docs/logs.md`, 'utf8');
  const fields = features.flatMap((feature) =>
    Object.keys(feature.startupFields?.(undefined) ?? {}),
  );
  for (const field of fields) expect(page).toContain(`\`${field}\``);
});

describe.each(folders)('%s', (folder) => {
  test.each([
    ['definitions.ts', 'feature'],
    ['active-features.ts', 'feature'],
    ['active-features.ts', 'auth'],
    ['active-features.ts', 'routes'],
    ['active-features.ts', 'startup'],
    ['tables.ts', 'tables'],
    ['columns.ts', 'columns'],
    ['reasons.ts', 'reasons'],
    ['openapi.ts', 'openapi'],
  ])('%s lists its %s.ts if and only if the file exists', (list, file) => {
    const exists = existsSync(`${project}src/features/${folder}/${file}.ts`);
    expect(isListed(list, folder, file)).toBe(exists);
  });

  test('has tests and a page', () => {
    expect(readdirSync(`${project}tests/features/${folder}`)).not.toEqual([]);
    const page = readFileSync(`${project}docs/features/${folder}.md`, 'utf8');
    const { variables } = features.find(({ name }) => name === folder) ?? { variables: {} };
    for (const variable of Object.keys(variables)) expect(page).toContain(variable);
  });
});

test.each(features)(
  '$name: a switch with a value other than on and off is refused by name',
  ({ variables }) => {
    // Free text such as a name accepts everything, and a word such as a tenant's name too.
    const switches = Object.entries(variables).filter(
      ([, schema]) => schema.safeParse('off').success && !schema.safeParse('neither').success,
    );
    for (const [variable] of switches) {
      const values = ['yes', 'true', '1', 'ON'];
      const expected = [`error ${variable}_INVALID ${variable}`];
      for (const value of values) expect(findingCodes({ [variable]: value })).toEqual(expected);
    }
  },
);
