/** A signal shuts the service down gracefully and in time: through npm, as process 1, and if something hangs. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { connectOnce } from '../src/db/client.js';
import { graceMs } from '../src/graceful-shutdown.js';
import { builtFrom } from './support/spawned.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';
import { testEnvironment } from './support/test-service.js';
import { until } from './support/until.js';
import { Visitor } from './support/visitor.js';

const timeout = 180_000;
/** Longer than the grace period, for a busy machine. */
const roomMs = 10_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const children: ChildProcess[] = [];
afterEach(() => {
  // Each has its own process group, so that a failed test leaves no process behind.
  for (const { pid } of children.splice(0)) {
    try {
      process.kill(-(pid ?? 0), 'SIGKILL');
    } catch {
      // It has already exited, as expected.
    }
  }
});

interface Running {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly end: Promise<{ code: number | null; signal: NodeJS.Signals | null; afterMs: number }>;
}

/** @param isRead whether its output is read */
function run(
  command: string,
  args: readonly string[],
  { env = {}, isRead = true }: { env?: Record<string, string>; isRead?: boolean } = {},
): Running {
  const child = spawn(command, args, {
    cwd: inject('builtFolder'),
    env: {
      PATH: process.env.PATH,
      ...testEnvironment,
      DATABASE_URL: database.url,
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  children.push(child);
  const startedAt = performance.now();
  let stdout = '';
  if (isRead) child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const end = once(child, 'exit').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    afterMs: performance.now() - startedAt,
  }));
  return { child, stdout: () => stdout, end };
}

const server = [builtFrom('server.ts')];

/** Sends the beginning of a request, and waits until the service has started to handle it. */
async function startEndlessRequest(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  const head = [
    'POST /api/auth/sign-in/email HTTP/1.1',
    'Host: a',
    'Content-Type: application/json',
  ];
  socket.write([...head, 'Content-Length: 100', 'Expect: 100-continue', '', '{'].join('\r\n'));
  await once(socket, 'data');
}

async function portOf({ stdout }: Running): Promise<number> {
  const line = await until(() => /^.*"msg":"listening".*$/m.exec(stdout())?.[0]);
  return (JSON.parse(line) as { port: number }).port;
}

/** A port for a service whose log is not read. */
async function freePort(): Promise<number> {
  const { freePort: find } = await import('../src/dev/free-port.js');
  return find();
}

const isUp = (port: number) =>
  fetch(`http://127.0.0.1:${port}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

test(
  'SIGTERM to npm start answers every sign-in in flight and ends npm and node with 0',
  { timeout },
  async () => {
    const npm = run('npm', ['start']);
    const port = await portOf(npm);
    const visitors = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const visitor = new Visitor({ url: `http://127.0.0.1:${port}` });
        expect((await visitor.signUp()).status).toBe(200);
        return visitor;
      }),
    );
    const lock = await connectOnce(database.url);
    await lock.query('begin; lock table session in access exclusive mode');
    const signIns = visitors.map((visitor) => visitor.signIn());
    await until(async () => {
      const waiting = `select 1 from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'`;
      return (await database.query(waiting, [database.name])).length >= 1;
    });
    npm.child.kill('SIGTERM');
    await until(() => npm.stdout().includes('stopping'));
    await lock.end();
    expect((await Promise.all(signIns)).map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(await npm.end).toMatchObject({ code: 0 });
    expect(npm.stdout()).toContain('"stopped"');
    expect(await isUp(port)).toBe(false);
  },
);

test.each(['SIGHUP', 'SIGKILL'] as const)(
  'npm killed by %s, which it does not forward, leaves no process on the port',
  { timeout },
  async (signal) => {
    const npm = run('npm', ['start']);
    const port = await portOf(npm);
    expect(await isUp(port)).toBe(true);
    npm.child.kill(signal);
    await npm.end;
    await until(async () => !(await isUp(port)));
  },
);

/** Process ids below this one, outermost first. */
function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    return [];
  }
}

function hears(pid: number, signalNumber: number): boolean {
  try {
    const caught = /^SigCgt:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return ((BigInt(`0x${caught ?? '0'}`) >> BigInt(signalNumber - 1)) & 1n) === 1n;
  } catch {
    return false;
  }
}

const unshare = ['--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'];
const isUnshareAllowed = (() => {
  try {
    execFileSync('unshare', [...unshare, 'true'], { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
})();

// For process 1 the kernel drops every signal without a handler.
test.skipIf(!isUnshareAllowed)(
  'as process 1 a SIGTERM during loading is not lost',
  { timeout },
  async () => {
    const outer = run('unshare', [...unshare, process.execPath, ...server]);
    const node = await until(() => childrenOf(outer.child.pid ?? 0)[0]);
    // Until then Node handles SIGTERM itself; SIGHUP is only handled by this service.
    await until(() => hears(node, 1));
    process.kill(node, 'SIGTERM');
    // Node 24 loads synchronously and may listen briefly before it handles signals. If dropped, it would keep running.
    expect(await outer.end).toMatchObject({ code: 0 });
  },
);

test.skipIf(!isUnshareAllowed)(
  'as process 1 it exits while waiting for an unresponsive database, and after it listens',
  { timeout },
  async () => {
    const silent = run(process.execPath, [
      '-e',
      `require('net').createServer(() => {}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`,
    ]);
    const port = Number(await until(() => silent.stdout().trim()));
    const DATABASE_URL = `postgresql://a:b@127.0.0.1:${port}/c`;
    const outer = run('unshare', [...unshare, process.execPath, ...server], {
      env: { DATABASE_URL },
    });
    await portOf(outer);
    const [node = 0] = childrenOf(outer.child.pid ?? 0);
    process.kill(node, 'SIGTERM');
    const signalled = performance.now();
    expect(await outer.end).toMatchObject({ code: 0 });
    expect(performance.now() - signalled).toBeLessThan(graceMs);
  },
);

test('a hung reader of its log blocks neither the service nor its exit', { timeout }, async () => {
  const port = await freePort();
  const deaf = run(process.execPath, server, { env: { PORT: String(port) }, isRead: false });
  await until(() => isUp(port));
  // A pipe buffers 64 kB; a line has at least 200 bytes.
  for (let round = 0; round < 60; round += 1) {
    await Promise.all(Array.from({ length: 20 }, () => isUp(port)));
  }
  expect(await isUp(port)).toBe(true);
  deaf.child.kill('SIGTERM');
  const signalled = performance.now();
  expect(await deaf.end).toMatchObject({ code: 0 });
  expect(performance.now() - signalled).toBeLessThan(graceMs);
});

test('an invalid configuration exits even if the log is not read', { timeout }, async () => {
  const refused = run('sh', ['-c', `yes | head -c 65536; exec node ${server[0] ?? ''}`], {
    env: { BETTER_AUTH_URL: 'nonsense' },
    isRead: false,
  });
  expect(await refused.end).toMatchObject({ code: 1 });
});

test(
  'a request that the client never completes is aborted within the grace period, and the exit status says so',
  { timeout },
  async () => {
    const service = run(process.execPath, server);
    const port = await portOf(service);
    await startEndlessRequest(port);
    service.child.kill('SIGTERM');
    const signalled = performance.now();
    expect(await service.end).toMatchObject({ code: 1 });
    expect(performance.now() - signalled).toBeLessThan(graceMs + roomMs);
    expect(service.stdout()).toContain('"requests were aborted"');
  },
);

test(
  'a second Ctrl-C exits immediately with 130; one that npm forwards at the same moment does not',
  { timeout },
  async () => {
    const service = run(process.execPath, server);
    const port = await portOf(service);
    await startEndlessRequest(port);
    service.child.kill('SIGINT');
    await until(() => service.stdout().includes('stopping'));
    service.child.kill('SIGINT');
    const first = await Promise.race([
      service.end,
      new Promise((resolve) => setTimeout(resolve, 1_500, 'still draining')),
    ]);
    expect(first).toBe('still draining');
    service.child.kill('SIGINT');
    expect(await service.end).toMatchObject({ code: 130 });
  },
);

test('a thread blocked in a read does not keep the process running', { timeout }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'auth-service-fifo-'));
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const hang = `import { open } from 'node:fs'; open(${JSON.stringify(fifo)}, () => undefined);`;
  const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(hang)}`;
  const service = run(process.execPath, server, { env: { NODE_OPTIONS } });
  await portOf(service);
  service.child.kill('SIGTERM');
  const signalled = performance.now();
  await service.end;
  expect(performance.now() - signalled).toBeLessThan(graceMs + roomMs);
  expect(service.stdout()).toContain('"stopped"');
  await rm(folder, { recursive: true });
});
