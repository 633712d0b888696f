/** What the bundle of `npm run build` leaves out, because it only costs startup time, and what it keeps. */
import { readFile, readdir } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { smallCommands } from '../scripts/commands.js';
import { builtFrom } from './support/spawned.js';

const chunks = join(dirname(builtFrom('server.ts')), 'chunks');

/** The files whose name ends like this, as pairs of name and text. */
async function filesThatEnd(ending: string): Promise<(readonly [string, string])[]> {
  const names = (await readdir(chunks)).filter((name) => name.endsWith(ending));
  return Promise.all(
    names.map(async (name) => [name, await readFile(join(chunks, name), 'utf8')] as const),
  );
}

test('source maps contain no sources, and lead to the file and line of a function', async () => {
  const maps = await filesThatEnd('.js.map');
  expect(maps.length).toBeGreaterThan(0);
  for (const [name, map] of maps)
    expect(JSON.parse(map), name).not.toHaveProperty('sourcesContent');

  const [name = '', code = ''] =
    (await filesThatEnd('.js')).find(([, text]) => text.includes('async function serve(')) ?? [];
  const lines = code.split('\n');
  const line = lines.findIndex((each) => each.includes('async function serve('));
  const column = lines[line]?.indexOf('serve(') ?? -1;
  const payload = JSON.parse(
    await readFile(join(chunks, `${name}.map`), 'utf8'),
  ) as ConstructorParameters<typeof SourceMap>[0];
  const source = await readFile('src/serve.ts', 'utf8');
  expect(new SourceMap(payload).findEntry(line, column)).toMatchObject({
    originalSource: expect.stringMatching(/src\/serve\.ts$/) as string,
    originalLine: source.split('\n').findIndex((each) => each.includes('function serve(')),
  });
});

test('pg does not look for Cloudflare Workers, which on Node 20 would load fetch at every start', async () => {
  const code = (await filesThatEnd('.js')).map(([, text]) => text).join('');
  expect(code).toContain('getNodejsStreamFuncs');
  expect(code).not.toContain('isCloudflareRuntime()');
});

test('node:http is not imported, which on Node 24 would load fetch at every start', async () => {
  const code = (await filesThatEnd('.js')).map(([, text]) => text).join('');
  expect(code).toMatch(/createRequire\(import\.meta\.url\)\([`'"]node:http[`'"]\)/);
  expect(code).not.toMatch(/\bfrom ?[`'"](node:)?http[`'"]/);
});

/** The files that are loaded with this one, as pairs of path and text. */
async function filesLoadedWith(first: string): Promise<ReadonlyMap<string, string>> {
  const loaded = new Map([[first, await readFile(first, 'utf8')]]);
  // Iterating over a map includes entries added meanwhile.
  for (const [importer, text] of loaded) {
    for (const [, name = ''] of text.matchAll(/(?:\bfrom|\bimport)\s*"(\.{1,2}\/[^"]+)"/g)) {
      const file = join(dirname(importer), name);
      if (!loaded.has(file)) loaded.set(file, await readFile(file, 'utf8'));
    }
  }
  return loaded;
}

async function filesOfAStart(): Promise<ReadonlyMap<string, string>> {
  const files = await filesThatEnd('.js');
  const [serve = ''] = files.find(([, text]) => text.includes('async function serve(')) ?? [];
  return filesLoadedWith(join(chunks, serve));
}

const sizeOf = (files: ReadonlyMap<string, string>) => [...files.values()].join('').length;

test('a start loads few files, because each has to be resolved, read and linked', async () => {
  const loaded = await filesOfAStart();
  expect(loaded.size).toBeGreaterThan(1);
  expect(loaded.size).toBeLessThan(10);
});

test.each(smallCommands)('%s loads less than two thirds of what a start loads', async (name) => {
  const loaded = await filesLoadedWith(builtFrom(`${name}.ts`));
  expect(sizeOf(loaded)).toBeLessThan((sizeOf(await filesOfAStart()) * 2) / 3);
});

test('a start loads the media types that responses have, and no other data of packages', async () => {
  const code = [...(await filesOfAStart()).values()].join('');
  expect(code).toContain('"text/html"');
  expect(code).not.toContain('application/vnd.openxmlformats');
  expect(code).not.toContain('啊阿埃挨'); // GB 2312, of Express's body parser
});

test.each([
  ['OpenTelemetry', /BatchSpanProcessor|opentelemetry\.io/],
  ['ioredis', /MaxRetriesPerRequestError/],
])('nothing of %s is in a file that a start without it loads', async (_, itsText) => {
  const files = new Map(await filesThatEnd('.js'));
  const loaded = await filesOfAStart();
  const withLibrary = [...files].filter(([, text]) => itsText.test(text));
  expect(withLibrary.length).toBeGreaterThan(0);
  expect(withLibrary.filter(([name]) => loaded.has(join(chunks, name)))).toEqual([]);
});
