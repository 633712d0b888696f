/** What a production install holds, read from package-lock.json; .ci/try-start installs one and measures it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')) as unknown;

const { packages } = read('package-lock.json') as {
  packages: Record<string, { dev?: boolean }>;
};

test('npm ci --omit=dev only installs the native hashes; everything else is bundled', () => {
  const installed = Object.keys(packages).filter(
    (place) => place !== '' && packages[place]?.dev !== true,
  );
  expect(installed.length).toBeGreaterThan(0);
  const native = /^node_modules\/@node-rs\/(argon2|bcrypt)/;
  // The WebAssembly build's: installed on no platform that has a native one.
  const wasm = /^node_modules\/(@emnapi\/|@napi-rs\/wasm-runtime|@tybys\/wasm-util|tslib$)/;
  const others = installed.filter((place) => !native.test(place) && !wasm.test(place));
  expect(others).toEqual([]);
});

test('the package contains the migrations and all its commands', () => {
  const { files, bin } = read('package.json') as { files: string[]; bin: Record<string, string> };
  expect(files).toEqual(expect.arrayContaining(['dist', 'drizzle', 'run.js']));
  for (const file of Object.values(bin)) {
    const source = file
      .replace(/^dist\/doctor\//, 'clients/doctor/src/')
      .replace(/^dist\//, 'src/')
      .replace(/\.js$/, '.ts');
    const [first] = readFileSync(new URL(`../${source}`, import.meta.url), 'utf8').split('\n');
    expect(first, source).toBe('#!/usr/bin/env node');
  }
});
