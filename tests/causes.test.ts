/** Every cause is detected, and a test checks every message. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { reasonTable } from '../src/session/reasons.js';
import { causes, type Evidence } from './support/causes.js';

const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const textOf = (name: string) => readFile(pathOf(name), 'utf8');

/** All sources or tests as one text, without the list of causes itself. */
async function textBelow(folder: string): Promise<string> {
  const names = await readdir(pathOf(folder), { recursive: true });
  const sources = names.filter((name) => name.endsWith('.ts') && name !== 'support/causes.ts');
  return (await Promise.all(sources.map((name) => textOf(`${folder}/${name}`)))).join('\n');
}

describe.each(causes)('$cause', (cause) => {
  const evidence = Object.entries(cause).filter(
    (entry): entry is [string, Evidence] => entry[0] !== 'cause',
  );

  test('is detected or impossible', () => {
    expect(evidence).not.toEqual([]);
  });

  test.each(evidence)('%s: a test checks the message', async (_party, [messages, file]) => {
    const text = await textOf(file);
    for (const message of [messages].flat()) expect(text, file).toContain(message);
  });
});

test('a test against a real service produces every reason of a session check', async () => {
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
