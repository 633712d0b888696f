/** No cause without somebody who names it, and no name that no test reads. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { reasonTable } from '../src/session/reasons.js';
import { causes, type Witness } from './support/causes.js';

const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const textOf = (name: string) => readFile(pathOf(name), 'utf8');

/** Of the sources or the tests; the catalogue itself is no test. */
async function textBelow(folder: string): Promise<string> {
  const names = await readdir(pathOf(folder), { recursive: true });
  const sources = names.filter((name) => name.endsWith('.ts') && name !== 'support/causes.ts');
  return (await Promise.all(sources.map((name) => textOf(`${folder}/${name}`)))).join('\n');
}

describe.each(causes)('$cause', (cause) => {
  const witnesses = Object.entries(cause).filter(
    (entry): entry is [string, Witness] => entry[0] !== 'cause',
  );

  test('has somebody who tells it, or cannot happen', () => {
    expect(witnesses).not.toEqual([]);
  });

  test.each(witnesses)('%s: a test reads what it says', async (_party, [says, file]) => {
    const text = await textOf(file);
    for (const word of [says].flat()) expect(text, file).toContain(word);
  });
});

test('every reason that a session check gives is made in a test against a real service', async () => {
  const text = await textBelow('tests');
  const unread = Object.keys(reasonTable).filter((reason) => !text.includes(`'${reason}'`));
  expect(unread).toEqual([]);
});

test.each([
  [
    'the doctor',
    'clients/doctor/src',
    'clients/doctor/tests',
    /\b(?:fail|warn|unknown|failure)\(\s*'([A-Z_]+)'/g,
  ],
  [
    'start and the log',
    'src',
    'tests',
    /\bcode: '([A-Z_]+)'|\badd\(\s*'(?:error|warn|info)',\s*'([A-Z_]+)'/g,
  ],
])('every finding of %s is read by a test', async (_who, sources, tests, pattern) => {
  const text = await textBelow(tests);
  const found = [...(await textBelow(sources)).matchAll(pattern)];
  const codes = found.map(([, code, other]) => code ?? other ?? '');
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !text.includes(code))).toEqual([]);
});
