/** Runs a real PostgreSQL as a child process, for `npm run dev` and the tests. Production code never imports it. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectOnce } from '../db/client.js';
import { createCluster } from './create-cluster.js';
import { freePort } from './free-port.js';
import { readOrCreateDevelopmentSecret } from './development-secret.js';
import { launchAs, postgresAccount } from './postgres-account.js';
import { findPostgresBinaries } from './postgres-binaries.js';

export interface EmbeddedPostgres {
  readonly url: string;
  /** Stops the database and waits until it has written everything. */
  stop(): Promise<void>;
  /** Stops it immediately, without waiting; the next start runs crash recovery (PostgreSQL's "immediate shutdown"). */
  abandon(): void;
}

/** Another running process uses this data directory. */
class DataInUseError extends Error {
  override readonly name = 'DataInUseError';
}

export interface EmbeddedPostgresOptions {
  readonly dataDirectory: string;
  /** Server settings, such as `fsync: 'off'` for tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** By default a free one. */
  readonly port?: number;
}

const startTimeoutMs = 30_000;
const stopTimeoutMs = 20_000;
/** Held by the owner's connection: if the owner is killed, the lock is released automatically. */
const ownerLockId = 7_236_550;

/**
 * Starts the database in `dataDirectory/postgres`, creating it the first time. Takes over a database left running by an
 * owner that was killed with SIGKILL.
 * @throws DataInUseError if its owner is still running
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const home = resolve(options.dataDirectory);
  const data = join(home, 'postgres');
  await mkdir(home, { recursive: true });
  const password = await readOrCreateDevelopmentSecret(join(home, 'postgres-password'));
  await createCluster(home, data, password);
  const leftover = await readPostmaster(data);
  const urlFor = (port: number) => `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  const isRunning = leftover !== undefined && (await canConnect(urlFor(leftover.port)));
  const { port } = isRunning ? leftover : await startCluster(data, options);
  const url = urlFor(port);
  const owner = await acquireOwnerLock(url, home).catch(async (error: unknown) => {
    if (!isRunning) await endCluster(data); // started here but unusable, for instance because the password was lost
    throw error;
  });
  return {
    url,
    async stop() {
      await owner.end().catch(() => undefined);
      await endCluster(data);
    },
    abandon() {
      try {
        const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
        process.kill(pid, 'SIGQUIT');
        process.kill(pid, 'SIGCONT'); // a stopped process does not handle signals
      } catch {
        // Already stopped.
      }
    },
  };
}

async function startCluster(
  data: string,
  { settings, port: chosenPort }: Omit<EmbeddedPostgresOptions, 'dataDirectory'>,
) {
  const { postgres } = await findPostgresBinaries();
  const port = chosenPort ?? (await freePort());
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const launch = await launchAs(
    await postgresAccount(),
    postgres,
    ['-D', data, '-p', `${port}`, ...flags],
    [postgres, data],
  );
  const log = await open(join(data, '..', 'postgres.log'), 'w');
  // Its own process group: Ctrl-C must only reach this process, or the database stops before the last response is sent.
  const child = spawn(launch.command, launch.args, {
    ...launch.options,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  child.unref();
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  const giveUpAt = Date.now() + startTimeoutMs;
  for (;;) {
    const postmaster = await readPostmaster(data);
    if (postmaster?.isReady && postmaster.port === port) return postmaster;
    if (failure !== undefined || child.exitCode !== null || Date.now() > giveUpAt) {
      const logFile = join(data, '..', 'postgres.log');
      const logText = await readFile(logFile, 'utf8');
      if (logText.includes('postmaster.pid" already exists')) throw inUse(join(data, '..'));
      throw new Error(`PostgreSQL did not start: see ${logFile}`, { cause: failure });
    }
    await sleep(20);
  }
}

async function acquireOwnerLock(url: string, home: string) {
  const client = await connectOnce(url);
  const lock = `select pg_try_advisory_lock(${ownerLockId}) as owned, current_setting('data_directory') as data`;
  const { rows } = await client.query<{ owned: boolean }>(lock);
  if (rows[0]?.owned === true) return client;
  await client.end();
  throw inUse(home);
}

function inUse(home: string): DataInUseError {
  return new DataInUseError(
    `${home} is in use by another running service: stop it, or set DATA_DIR`,
  );
}

/** Reads PostgreSQL's lock file (storage/pidfile.h: pid, data directory, start time, port, …, status). */
async function readPostmaster(data: string) {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' };
}

/** Requests a "fast shutdown", which closes connections and writes everything, and waits for it. */
async function endCluster(data: string): Promise<void> {
  const postmaster = await readPostmaster(data);
  if (postmaster === undefined) return;
  const giveUpAt = Date.now() + stopTimeoutMs;
  try {
    process.kill(postmaster.pid, 'SIGINT');
    while (Date.now() < giveUpAt) {
      await sleep(20);
      process.kill(postmaster.pid, 0);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function canConnect(url: string): Promise<boolean> {
  return connectOnce(url).then(
    (client) => client.end().then(() => true),
    () => false,
  );
}
