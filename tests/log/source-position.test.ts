/** Stack traces of the built server name our files and lines, without an option of Node. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { withSourcePosition } from '../../src/log/source-position.js';
import { startServer } from '../support/child-process.js';
import { testEnvironment } from '../support/test-service.js';

test('the stack of an error in the built server names the file and the line in src', async () => {
  const server = startServer({
    ...testEnvironment,
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
    PORT: '0',
  });
  const { port } = await server.logLine(({ msg }) => msg === 'listening');
  await fetch(`http://127.0.0.1:${String(port)}/ready`);
  const { err } = await server.logLine(({ msg }) => msg === 'database unavailable');
  const lines = (err as { stack: string[] }).stack.flatMap(
    (frame) => /src\/db\/readiness\.ts:(\d+):\d+\)?$/.exec(frame)?.[1] ?? [],
  );
  const source = (await readFile('src/db/readiness.ts', 'utf8')).split('\n');
  expect(lines.map((line) => source[Number(line) - 1])).toContainEqual(
    expect.stringContaining('await readLiveSchema'),
  );
  await server.stop();
});

test.each([
  'at run (node:internal/process:1:2)',
  'at new Promise (<anonymous>)',
  'at work (file:///srv/other/bundle.js:1:2)',
  `at work (${new URL('../../src/log/none.js', import.meta.url).href}:1:2)`,
  `at work (${new URL('../../src/log/none.js', import.meta.url).href}:x:2)`,
])('a frame without a map stays as it is: %s', (frame) => {
  expect(withSourcePosition(frame)).toBe(frame);
});
