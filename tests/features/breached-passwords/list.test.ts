/** The list of breached passwords: every password of it is found, few others are, and a damaged file is refused. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildList } from '../../../src/features/breached-passwords/build-list.js';
import { createLookup } from '../../../src/features/breached-passwords/lookup.js';
import { findingsOf } from '../../support/configuration.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pwned-list-'));
});
afterAll(() => rm(folder, { recursive: true }));

const file = (name: string) => join(folder, name);
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();

async function build(lines: readonly string[], atLeast = 1) {
  const input = file('input.txt');
  await writeFile(input, lines.join('\r\n'));
  const count = await buildList(input, file('list.bin'), atLeast);
  return { count, isBreached: createLookup({ rangeUrl: '', list: file('list.bin') }) };
}

test('every password of the list is found, and at most one in 300 others', async () => {
  const passwords = Array.from({ length: 20_000 }, (_, at) => `password-${at}`);
  const { count, isBreached } = await build(passwords.map((text) => `${sha1(text)}:3`));
  expect(count).toBe(20_000);
  for (const text of passwords.slice(0, 2_000)) expect(await isBreached(text)).toBe(true);
  let falsePositives = 0;
  for (let at = 0; at < 6_000; at += 1) {
    if (await isBreached(`another-${at}`)) falsePositives += 1;
  }
  expect(falsePositives).toBeLessThan(20);
});

test('--at-least leaves out rare passwords', async () => {
  const { count, isBreached } = await build([`${sha1('rare')}:9`, `${sha1('often')}:10`, ''], 10);
  expect(count).toBe(1);
  expect(await isBreached('often')).toBe(true);
  expect(await isBreached('rare')).toBe(false);
});

test('a line of another format is refused by its number, without its content, and leaves the old list', async () => {
  await build([`${sha1('kept')}:1`]);
  const before = await readFile(file('list.bin'));
  const failed = build([`${sha1('a')}:1`, 'my-secret-password:1']);
  await expect(failed).rejects.toThrow('line 2 is not SHA1:COUNT');
  expect(await readFile(file('list.bin'))).toEqual(before);
});

function codes(list: string): string[] {
  const env = { BREACHED_PASSWORDS: 'on', PWNED_LIST: list };
  return findingsOf(env).map(({ code }) => code);
}

test('a list that is missing, truncated or something else stops the start', async () => {
  await build([`${sha1('a')}:1`]);
  expect(codes(file('list.bin'))).toEqual([]);
  await truncate(file('list.bin'), 100);
  await writeFile(file('other.bin'), Buffer.alloc(128));
  await writeFile(file('empty.bin'), '');
  for (const name of ['list.bin', 'other.bin', 'empty.bin', 'none.bin', '.']) {
    expect(codes(file(name)), name).toEqual(['PWNED_LIST_INVALID']);
  }
});

test('a list without BREACHED_PASSWORDS has no effect, and a finding says so', () => {
  const findings = findingsOf({ PWNED_LIST: file('list.bin') });
  expect(findings.map(({ code, level }) => `${level} ${code}`)).toEqual(['warn PWNED_LIST_UNUSED']);
});

test('a list that was removed after the start is list_unreadable', async () => {
  const isBreached = createLookup({ rangeUrl: '', list: file('gone.bin') });
  await expect(isBreached('anything')).rejects.toMatchObject({ reason: 'list_unreadable' });
});

describe('npm run pwned-list', () => {
  function run(...args: string[]) {
    const project = fileURLToPath(new URL('../../..', import.meta.url));
    const program = ['run.js', 'features/breached-passwords/pwned-list', ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, program, { cwd: project });
    return { status, stdout: String(stdout), stderr: String(stderr) };
  }

  test('builds a list, and says how many passwords it has', async () => {
    await writeFile(file('input.txt'), `${sha1('a')}:20\n${sha1('b')}:3\n`);
    expect(run(file('input.txt'), file('new.bin'), '--at-least', '10')).toEqual({
      status: 0,
      stdout: '1 passwords\n',
      stderr: '',
    });
    expect(codes(file('new.bin'))).toEqual([]);
  });

  test('a missing input exits with 1, wrong usage with 2', () => {
    expect(run(file('none.txt'), file('new.bin'))).toMatchObject({ status: 1, stdout: '' });
    expect(run(file('none.txt'))).toMatchObject({ status: 2, stdout: '' });
    expect(run('a', 'b', '--at-least', 'many')).toMatchObject({ status: 2, stdout: '' });
  });
});
