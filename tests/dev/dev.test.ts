import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  devTimeoutMs,
  isAlive,
  takePort,
  useDevHome,
  type DevHome,
} from '../support/dev-process.js';
import { until } from '../support/until.js';
import { createTestDatabase } from '../support/test-database.js';
import type { Visitor } from '../support/visitor.js';

const timeout = devTimeoutMs;

let home: DevHome;
let visitor: Visitor;
useDevHome((started) => {
  home = started;
  visitor = home.visitor();
});

/** Expects a single fatal line, as printed by a failed start. */
function expectOneLine(output: string, message: RegExp): void {
  const [line = '', ...more] = output.trimEnd().split('\n');
  expect(more).toEqual([]);
  expect(JSON.parse(line)).toEqual({
    level: 'fatal',
    time: expect.any(String) as string,
    msg: expect.stringMatching(message) as string,
  });
}

describe('npm run dev', { timeout }, () => {
  test('creates a database and a secret, logs the report, and prints three working commands', async () => {
    const dev = await home.start();
    expect(dev.stdout()).toContain('"msg":"startup"');
    expect(dev.stdout()).toContain('"status":"ready"');
    expect(dev.stderr()).toBe('');
    const lines = dev.stdout().split('\n');
    const answers = [];
    for (const command of lines.filter((line) => line.startsWith('  curl '))) {
      const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: home.folder });
      answers.push(JSON.parse(stdout) as unknown);
    }
    expect(answers).toMatchObject([
      { user: { email: 'ada@example.com' } },
      { user: { email: 'ada@example.com' } },
      { success: true },
    ]);
    expect((await visitor.signUp()).status).toBe(200);
    const [, devId = ''] = /^Sign in with Dev ID.*\n\n((?: {2}.*\n)+)/m.exec(dev.stdout()) ?? [];
    const walked = await promisify(execFile)('sh', ['-c', devId], { cwd: home.folder });
    expect(JSON.parse(walked.stdout)).toMatchObject({ user: { emailVerified: true } });
    const [, app = ''] =
      /^Set up an authenticator app.*\n\n((?: {2}.*\n)+)/m.exec(dev.stdout()) ?? [];
    const enrolled = await promisify(execFile)('sh', ['-c', app], { cwd: home.folder });
    expect(JSON.parse(enrolled.stdout)).toMatchObject({ user: { twoFactorEnabled: true } });
    const mailbox = /^Mails arrive at (\S+)$/m.exec(dev.stdout())?.[1] ?? '';
    await visitor.ask('/api/auth/request-password-reset', { body: { email: visitor.email } });
    await until(async () =>
      (await (await fetch(`${mailbox}.json`)).text()).includes('#reset_password='),
    );
  });

  test('on Ctrl-C exits with 0 and stops the database; the next start still has users and sessions', async () => {
    const dev = await home.start();
    const pid = (await home.postgresPid()) ?? 0;
    expect(isAlive(pid)).toBe(true);
    expect((await visitor.ask('/session')).json).toMatchObject({ user: { email: visitor.email } });
    expect((await visitor.signIn()).status).toBe(200);
    dev.signal('SIGINT');
    expect(await dev.exit).toBe(0);
    expect(isAlive(pid)).toBe(false);
    expect(await home.postgresPid()).toBeUndefined();
  });

  test('on Ctrl-C during startup stops the database', async () => {
    const dev = home.spawn();
    await dev.printed('the database is up to date');
    dev.signal('SIGINT');
    await dev.exit;
    expect(await home.postgresPid()).toBeUndefined();
  });

  test('with a data folder in use exits with 1 and one line, without affecting the other process', async () => {
    await home.start();
    const second = home.spawn({ PORT: '0' });
    expect(await second.exit).toBe(1);
    expectOneLine(
      second.stdout(),
      /is in use by another running service: stop it, or set DATA_DIR$/,
    );
    expect(second.stderr()).toBe('');
    expect((await visitor.ask('/session')).status).toBe(200);
  });

  test('with a port in use exits with 1, prints one fatal line, and stops the database', async () => {
    const { server, port } = await takePort();
    const dev = home.spawn({ PORT: String(port) });
    expect(await dev.exit).toBe(1);
    const fatal = dev
      .stdout()
      .split('\n')
      .filter((line) => line.includes('"fatal"'));
    expectOneLine(fatal.join('\n'), /in use: stop the process that uses it, or set PORT$/);
    expect(dev.stdout() + dev.stderr()).not.toContain('    at ');
    expect(await home.postgresPid()).toBeUndefined();
    server.close();
  });

  test('with DATABASE_URL uses that database and starts none', async () => {
    const testDatabase = await createTestDatabase();
    const DATA_DIR = join(home.folder, 'elsewhere');
    await home.start({ DATABASE_URL: testDatabase.url, DATA_DIR });
    expect((await home.visitor().ask('/ready')).status).toBe(200);
    expect(existsSync(join(DATA_DIR, 'postgres'))).toBe(false);
    await home.end();
    await testDatabase.drop();
  });
});
