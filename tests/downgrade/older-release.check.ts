/**
 * `npm run check:downgrade`: the code of two migrations ago, from the history of this repository, on today's schema. Fails
 * in a clone without that history. Needs no build: the packages of today are close enough to run it from its sources.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freePort } from '../../src/dev/free-port.js';
import { readMigrations, type Migration } from '../../src/db/migrations.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testEnvironment } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../..', import.meta.url));
const git = async (...args: string[]) =>
  (await run('git', ['-C', project, ...args], { maxBuffer: 50_000_000 })).stdout;

interface OldRelease {
  readonly commit: string;
  /** The last migration that it knows. */
  readonly migration: string;
}

/** The newest commit whose migrations are today's without the last two (or more, where several came with one commit). */
async function findOldRelease(): Promise<OldRelease> {
  const today = readMigrations();
  const journal = 'drizzle/meta/_journal.json';
  for (const commit of (await git('log', '--format=%H', '--', journal)).split('\n')) {
    if (commit === '') continue;
    const { entries } = JSON.parse(await git('show', `${commit}:${journal}`)) as {
      entries: Migration[];
    };
    const isPast = entries.every(({ when }, index) => today[index]?.when === when);
    const last = entries.at(-1);
    if (isPast && last !== undefined && entries.length <= today.length - 2) {
      return { commit, migration: last.tag };
    }
  }
  throw new Error('the history of the migrations is missing: git fetch --unshallow');
}

let folder = '';
let database: TestDatabase;
let release: OldRelease;
let url = '';
let log = '';
let stop: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  release = await findOldRelease();
  folder = await mkdtemp(join(tmpdir(), 'auth-service-older-'));
  const archive = join(folder, 'release.tar');
  await git('archive', '--output', archive, release.commit);
  await run('tar', ['-xf', archive, '-C', folder]);
  await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
  database = await createTestDatabase();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/server.ts'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      ...testEnvironment,
      DATABASE_URL: database.url,
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const output of [child.stdout, child.stderr])
    output.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exit = once(child, 'close');
  stop = async () => {
    child.kill('SIGTERM');
    await exit;
  };
  for (;;) {
    const ready = await fetch(`${url}/ready`).catch(() => undefined);
    if (ready?.status === 200) break;
    if (child.exitCode !== null) throw new Error(`it did not start: ${log}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});
afterAll(async () => {
  await stop();
  await database.drop();
  await rm(folder, { recursive: true });
});

test('it starts on the newer schema, is ready, and says that the database is newer', async () => {
  expect(readMigrations().map(({ tag }) => tag)).toContain(release.migration);
  await vi.waitUntil(() => log.includes('DATABASE_NEWER'), { timeout: 30_000, interval: 50 });
});

test('sign-up, session, change of the password, sign-out and sign-in work', async () => {
  const visitor = new Visitor({ url });
  expect((await visitor.signUp()).status).toBe(200);
  expect((await visitor.ask('/session')).json).toMatchObject({ user: { email: visitor.email } });
  expect((await visitor.getSession()).json).toMatchObject({ user: { email: visitor.email } });
  const newPassword = 'an entirely new passphrase';
  const body = { currentPassword: visitor.password, newPassword };
  expect((await visitor.ask('/api/auth/change-password', { body })).status).toBe(200);
  expect((await visitor.ask('/api/auth/update-user', { body: { name: 'New' } })).status).toBe(200);
  expect((await visitor.signOut()).status).toBe(200);
  expect((await visitor.ask('/session')).status).toBe(401);
  expect((await visitor.signIn()).status).toBe(401);
  expect((await visitor.signIn(newPassword)).status).toBe(200);
  expect((await visitor.ask('/session')).json).toMatchObject({ user: { name: 'New' } });
  const deletion = await visitor.ask('/api/auth/delete-user', { body: { password: newPassword } });
  expect(deletion.status).toBe(200);
  expect(log).not.toContain('"level":"error"');
});
