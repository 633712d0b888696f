/** Every command: --help has no other effect, and a closed output causes no stack trace. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { builtFrom, spawnSource } from './support/spawned.js';
import { createTestDatabase } from './support/test-database.js';

const commands = [
  ['db/migrate-command.ts'],
  ['db/sweep-command.ts'],
  ['features/webhooks/replay-command.ts'],
  ['operator/explain.ts'],
  ['operator/import.ts'],
  ['operator/sessions.ts'],
  ['operator/user.ts'],
];

test.each(commands)(
  '%s --help exits with 0 and prints no stack trace if its output is closed',
  async (source) => {
    const child = spawn(process.execPath, [builtFrom(source), '--help'], {
      cwd: tmpdir(),
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy(); // as `| head` does
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code] = (await once(child, 'close')) as [number | null];
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  },
);

test.each(['db/migrate-command.ts', 'db/sweep-command.ts'])(
  '%s with an argument prints its usage and does nothing',
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
