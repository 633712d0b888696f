import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { version } from '../src/version.js';

const project = fileURLToPath(new URL('..', import.meta.url));

const names = await readdir(join(project, 'src'), { recursive: true });
const files = await Promise.all(
  names
    .filter((name) => name.endsWith('.ts'))
    .map(async (name) => ({ name, text: await readFile(join(project, 'src', name), 'utf8') })),
);

/** Names of the files that hold what the pattern looks for. */
const filesWith = (pattern: RegExp) =>
  files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

test('exactly one of the files that Vercel’s builder looks at names express', () => {
  // As in @vercel/express 0.1: the text is searched, so a type import counts, and so would a comment.
  const namesExpress = /(?:from|require|import)\s*(?:\(\s*)?["']express["']\s*(?:\))?/;
  const candidates = ['app.ts', 'index.ts', 'server.ts'];
  expect(filesWith(namesExpress).filter((name) => candidates.includes(name))).toEqual(['app.ts']);
});

test('the version that the service tells is the package’s', async () => {
  const text = await readFile(join(project, 'package.json'), 'utf8');
  expect(version).toBe((JSON.parse(text) as { version: string }).version);
});

test('the environment is read in one file', () => {
  expect(
    filesWith(/process\s*(?:\?\.|\.)\s*env\b|\bprocess\[|\benv\b.*from 'node:process'/),
  ).toEqual(['config/environment.ts']);
});

test('nothing writes to the console: the log has one door', () => {
  expect(filesWith(/\bconsole\s*(?:\??\.\s*\w|\[)/)).toEqual([]);
});
