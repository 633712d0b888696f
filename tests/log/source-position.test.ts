/** Stack traces of the built server name our files and lines, without an option of Node. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSourcePositions, withSourcePosition } from '../../src/log/source-position.js';
import { startServer } from '../support/child-process.js';
import { testEnvironment } from '../support/test-service.js';

test('the stack of an error in the built server names the file and the line in src', async () => {
  const server = startServer({
    ...testEnvironment,
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
    PORT: '0',
  });
  try {
    const { port } = await server.logLine(({ msg }) => msg === 'listening');
    await fetch(`http://127.0.0.1:${String(port)}/ready`);
    const { err } = await server.logLine(({ msg }) => msg === 'database unavailable');
    const { stack } = err as { stack: string[] };
    const lines = stack.flatMap(
      (frame) => /src\/db\/readiness\.ts:(\d+):\d+\)?$/.exec(frame)?.[1] ?? [],
    );
    const source = (await readFile('src/db/readiness.ts', 'utf8')).split('\n');
    expect(lines.map((line) => source[Number(line) - 1])).toContainEqual(
      expect.stringContaining('await readLiveSchema'),
    );
    expect(stack.join()).not.toMatch(/undefined|NaN/);
  } finally {
    await server.stop();
  }
});

let folder: string;
let positionIn: (frame: string) => string;
/** The first generated columns are ours, those from the tenth are a package's, and those from the 19th ours again. */
const map = { version: 3, sources: ['../src/a.ts'], names: [], mappings: 'AAAA,S,SAAA' };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auth-service-maps-'));
  await mkdir(join(folder, 'chunks'));
  await writeFile(join(folder, 'chunks/a.js.map'), JSON.stringify(map));
  await writeFile(join(folder, 'chunks/broken.js.map'), '{');
  await writeFile(join(folder, 'outside.js.map'), JSON.stringify(map));
  positionIn = createSourcePositions(pathToFileURL(`${folder}/chunks/`));
});
afterAll(() => rm(folder, { recursive: true }));

test('a frame in our code gets the position in the source', () => {
  const { href } = pathToFileURL(`${folder}/chunks/a.js`);
  expect(positionIn(`at run (${href}:1:3)`)).toBe(`at run (${folder}/src/a.ts:1:1)`);
  expect(positionIn(`at ${href}:1:3`)).toBe(`at ${folder}/src/a.ts:1:1`);
});

test.each([
  ['code of a package', 'chunks/a.js:1:12'],
  ['a file without a map', 'chunks/none.js:1:3'],
  ['a map that is not JSON', 'chunks/broken.js:1:3'],
  ['a map outside of the folder', 'outside.js:1:3'],
  ['a path out of the folder', 'chunks/../outside.js:1:3'],
  ['an encoded path out of the folder', 'chunks/%2e%2e/outside.js:1:3'],
  ['another spelling of a known file', 'chunks/./a.js:1:3'],
  ['a query', 'outside.js.map?chunks/a.js:1:3'],
])('a frame of %s stays as it is', (_of, file) => {
  const frame = `at run (${pathToFileURL(folder).href}/${file})`;
  expect(positionIn(frame)).toBe(frame);
});

test.each(['at run (node:internal/process:1:2)', 'at new Promise (<anonymous>)'])(
  'a frame without a file stays as it is: %s',
  (frame) => {
    expect(withSourcePosition(frame)).toBe(frame);
  },
);
