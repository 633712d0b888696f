/** What a production install holds, read from package-lock.json; .ci/try-start installs one and measures it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')) as unknown;

const { packages } = read('package-lock.json') as {
  packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
};

test('no development tool is installed by npm ci --omit=dev (run npm run lock where one is)', () => {
  const both = Object.keys(packages).filter((place) => packages[place]?.devOptional === true);
  expect(both).toEqual([]);
  const tools =
    /node_modules\/(?:vitest|vite|esbuild|drizzle-kit|tsx|rolldown|typescript|pino-pretty|@types\/[^/]+)$/;
  const wanted = Object.keys(packages).filter(
    (place) => packages[place]?.dev !== true && tools.test(place),
  );
  expect(wanted).toEqual([]);
});

test('the package holds the migrations, and every command it offers', () => {
  const { files, bin } = read('package.json') as { files: string[]; bin: Record<string, string> };
  expect(files).toEqual(expect.arrayContaining(['dist', 'drizzle', 'run.js']));
  for (const file of Object.values(bin)) {
    const source = `src/${file.replace(/^dist\//, '').replace(/\.js$/, '.ts')}`;
    const [first] = readFileSync(new URL(`../${source}`, import.meta.url), 'utf8').split('\n');
    expect(first, source).toBe('#!/usr/bin/env node');
  }
});
