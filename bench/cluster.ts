/** A PostgreSQL of the bench's own in a temporary folder, and the databases in it. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectOnce } from '../src/db/client.js';
import { migrateDatabase } from '../src/db/migrate.js';
import { startEmbeddedPostgres } from '../src/dev/embedded-postgres.js';

export interface Cluster {
  /** A folder for whatever shall be gone with the cluster. */
  readonly folder: string;
  /** Makes a database with the service's schema. @returns its URL */
  createDatabase(name: string): Promise<string>;
  /** What PostgreSQL has logged so far, each line after the name of its database. */
  readLog(): Promise<string>;
  /** Ends it and deletes the folder. */
  stop(): Promise<void>;
}

/**
 * The disk, and work that PostgreSQL does when it likes, would be noise: what is compared are the processes in front
 * of it. Every contender has the same.
 */
const settings = {
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  checkpoint_timeout: '1h',
  max_wal_size: '8GB',
  max_connections: '200',
  log_line_prefix: '%d ',
};

export async function startCluster(): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'auth-service-bench-'));
  await chmod(folder, 0o755); // PostgreSQL runs under another account when this runs as root
  const remove = () => rm(folder, { recursive: true, force: true });
  const postgres = await startEmbeddedPostgres({ dataDirectory: folder, settings }).catch(
    async (error: unknown) => {
      await remove();
      throw error;
    },
  );
  return {
    folder,
    async createDatabase(name) {
      await run(postgres.url, `create database ${name}`);
      const url = new URL(postgres.url);
      url.pathname = name;
      await migrateDatabase({ url: url.href, onProgress: () => undefined });
      return url.href;
    },
    readLog: () => readFile(join(folder, 'postgres.log'), 'utf8'),
    async stop() {
      await postgres.stop();
      await remove();
    },
  };
}

/** Runs statements one after the other on one connection of their own. */
export async function run(url: string, ...statements: readonly string[]): Promise<void> {
  const client = await connectOnce(url);
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
