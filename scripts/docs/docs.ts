/** `npm run docs` writes the generated parts of the documents; with `--check` it only names the stale ones. */
import { readFile, writeFile } from 'node:fs/promises';
import { documents } from './documents.js';

const isCheck = process.argv.includes('--check');

for (const [path, render] of Object.entries(documents)) {
  const file = new URL(`../../${path}`, import.meta.url);
  const current = await readFile(file, 'utf8').catch(() => '');
  const expected = await render(current);
  if (expected === current) continue;
  if (isCheck) process.exitCode = 1;
  else await writeFile(file, expected);
  process.stdout.write(`${path} ${isCheck ? 'is stale: run npm run docs' : 'written'}\n`);
}
