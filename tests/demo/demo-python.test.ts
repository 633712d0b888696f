/** Which Python `npm run demo` uses. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findPython } from '../../examples/textbook/demo/find-python.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auth-service-python-'));
  for (const [name, answer] of [
    ['python3', 'echo 3.9; echo venv'],
    ['python3.13', 'echo 3.13'],
    ['python3.12', 'echo 3.12; echo venv'],
    ['mine', 'echo 3.10; echo venv'],
  ] as const) {
    await writeFile(join(folder, name), `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
  }
});
afterAll(() => rm(folder, { recursive: true }));

test('uses the first Python that is new enough and has venv', async () => {
  expect(await findPython({ PATH: folder })).toBe('python3.12');
});

test('uses only the Python named by PYTHON', async () => {
  const mine = join(folder, 'mine');
  expect(await findPython({ PATH: folder, PYTHON: mine })).toBe(mine);
  await expect(findPython({ PATH: folder, PYTHON: 'python3' })).rejects.toThrow('is Python 3.9');
});
