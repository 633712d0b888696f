/** What every command owes whoever runs it: help that does nothing else, and no stack when its reader has left. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { builtFrom, spawnSource } from './support/spawned.js';
import { createTestDatabase } from './support/test-database.js';

const commands = [['db/migrate-command.ts'], ['db/sweep-command.ts'], ['operator/user.ts']];

test.each(commands)('%s --help ends with 0 and no stack where nobody reads it', async (source) => {
  const child = spawn(process.execPath, [builtFrom(source), '--help'], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy(); // as `| head` does when it has its lines
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test.each(['db/migrate-command.ts', 'db/sweep-command.ts'])(
  '%s takes no arguments: it explains itself and does nothing',
  async (source) => {
    const database = await createTestDatabase({ empty: true });
    const env = { DATABASE_URL: database.url };
    const help = spawnSource(source, env, ['--help']);
    expect(await help.exit).toBe(0);
    expect(help.stdout()).toContain('It takes no arguments');
    const wrong = spawnSource(source, env, ['--dry-run']);
    expect(await wrong.exit).toBe(2);
    expect(wrong.stderr()).toContain('nothing was done');
    const tables = `select 1 from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`;
    expect(await database.query(tables)).toEqual([]);
    await database.drop();
  },
);
