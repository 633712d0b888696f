/** A PostgreSQL that a test may kill: it starts again on the same port with the same data. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectOnce } from '../../src/db/client.js';
import { migrateDatabase } from '../../src/db/migrate.js';
import { startEmbeddedPostgres } from '../../src/dev/embedded-postgres.js';
import { postmasterOf, resumePostgres, suspendPostgres } from '../support/postgres-processes.js';
import { until } from '../support/until.js';

export interface Cluster {
  readonly url: string;
  /** Runs one statement on a connection of its own. */
  query<Row extends Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** SIGKILL: nothing is written, and its children notice and exit. */
  kill(): Promise<void>;
  /** SIGSTOP. @returns lets it continue */
  suspend(): () => void;
  /** A "fast shutdown", as by a restart of the host's service. */
  stop(): Promise<void>;
  /** Starts it after `kill` or `stop`; resolves when it accepts connections. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

const settings = { fsync: 'off', max_connections: '40', scram_iterations: '1' };

/** Migrated and empty. */
export async function startCluster(): Promise<Cluster> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'auth-service-faults-'));
  const port = await portBelowEphemeral();
  const start = () => startEmbeddedPostgres({ dataDirectory, settings, port });
  let postgres = await start();
  const { url } = postgres;
  await migrateDatabase({ url, onProgress: () => undefined });
  return {
    url,
    async query<Row extends Record<string, unknown>>(text: string, values?: unknown[]) {
      const client = await connectOnce(url);
      try {
        return (await client.query<Row>(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    async kill() {
      const postmaster = postmasterOf(dataDirectory);
      process.kill(postmaster, 'SIGKILL');
      await until(() => !isRunning(postmaster));
    },
    suspend() {
      const pids = suspendPostgres(dataDirectory);
      return () => resumePostgres(pids);
    },
    stop: () => postgres.stop(),
    async start() {
      // After a kill it refuses to start until its former children have exited.
      postgres = await until(() => start().catch(() => undefined));
    },
    async remove() {
      await postgres.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** A port that no outgoing connection is given while the cluster is down. */
async function portBelowEphemeral(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]);
    if (!isFree) continue;
    const closed = once(server, 'close');
    const { port: bound } = server.address() as AddressInfo;
    server.close();
    await closed;
    return bound;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
