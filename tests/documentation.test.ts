/** The generated parts of the documents are what the code says today, and the README stays a front door. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { documents } from '../scripts/docs/documents.js';
import { envExample } from '../scripts/docs/env-example.js';
import { replaceBetween, table } from '../scripts/docs/markdown.js';
import { documentedVariables, requiredVariables } from '../scripts/docs/variables.js';
import { readConfig } from '../src/config/config.js';
import type { Environment } from '../src/config/environment.js';
import { ConfigurationError } from '../src/config/finding.js';
import { validEnvironment, testNow } from './support/configuration.js';

const textOf = (name: string) =>
  readFile(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8');

test.each(Object.entries(documents))(
  '%s is up to date (otherwise: npm run docs)',
  async (path, render) => {
    const current = await textOf(path);
    expect(await render(current)).toBe(current);
  },
);

describe('.env.example', () => {
  const listed = [...envExample().matchAll(/^(?:# )?([A-Z][A-Z0-9_]*(?:<NAME>[A-Z_]+)?)=$/gm)].map(
    ([, name]) => name,
  );

  test('lists every variable once, the required ones first', () => {
    const names = documentedVariables.map(({ name }) => name);
    const optional = names.filter((name) => !requiredVariables.includes(name));
    expect(listed).toEqual([...requiredVariables, ...optional]);
  });

  test.each(requiredVariables)('%s is required: without it the service does not start', (name) => {
    expect(() => readConfig({ ...validEnvironment, [name]: undefined }, testNow)).toThrow(
      ConfigurationError,
    );
  });

  test('the required variables suffice', () => {
    const required = requiredVariables.map((name) => [name, validEnvironment[name]]);
    expect(() => readConfig(Object.fromEntries(required) as Environment, testNow)).not.toThrow();
  });
});

test('every variable has a description', () => {
  for (const { name, description } of documentedVariables)
    expect(description, name).toMatch(/\w{3}/);
});

test('missing or repeated markers are an error', () => {
  const markers = '<!-- errors -->\n<!-- /errors -->\n';
  expect(() => replaceBetween('no markers', 'errors', '')).toThrow('<!-- errors -->');
  expect(() => replaceBetween(markers + markers, 'errors', '')).toThrow('exactly once');
  const replaced = replaceBetween(`before\n${markers}after`, 'errors', 'new\n');
  expect(replaced).toBe('before\n<!-- errors -->\n\nnew\n\n<!-- /errors -->\nafter');
});

test('a table escapes the bars in its cells and leaves an undefined cell empty', async () => {
  const markdown = await table(['A', 'B'], [['1 | 2', undefined]]);
  expect(markdown).toBe('| A      | B   |\n| ------ | --- |\n| 1 \\| 2 |     |\n');
});

describe('docs/commands.md', () => {
  test('names every npm script, except prepack, which npm runs', async () => {
    const page = await textOf('docs/commands.md');
    const isNamed = (script: string) =>
      [script, `npm ${script}`, `npm run ${script}`].some((text) => page.includes(`\`${text}\``));
    const missing = (await scriptNames()).filter((script) => !isNamed(script));
    expect(missing).toEqual(['prepack']);
  });

  test('names no npm script that does not exist', async () => {
    const page = await textOf('docs/commands.md');
    const named = Array.from(page.matchAll(/`(?:npm run )?(check:\w+)`|`npm run ([\w:-]+)`/g));
    const scripts = await scriptNames();
    const names = named.map(([, part, script]) => part ?? script ?? '');
    expect(names.filter((name) => !scripts.includes(name))).toEqual([]);
  });
});

async function scriptNames(): Promise<string[]> {
  const { scripts } = JSON.parse(await textOf('package.json')) as { scripts: object };
  return Object.keys(scripts);
}

test('README.md has at most 150 lines', async () => {
  expect((await textOf('README.md')).split('\n').length).toBeLessThanOrEqual(151);
});
