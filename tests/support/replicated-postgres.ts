/** A PostgreSQL and a streaming replica of it, whose replay a test can pause: a lag of any length. */
import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rm, stat, writeFile, chown } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectOnce } from '../../src/db/client.js';
import { migrateDatabase } from '../../src/db/migrate.js';
import { startEmbeddedPostgres } from '../../src/dev/embedded-postgres.js';
import { resumePostgres, suspendPostgres } from './postgres-processes.js';
import { until } from './until.js';

export interface ReplicatedPostgres {
  readonly primaryUrl: string;
  readonly replicaUrl: string;
  /** On the primary, and on the replica; each on a connection of its own. */
  readonly query: Query;
  readonly queryReplica: Query;
  /** From now on the replica shows the state that it has. */
  pauseReplay(): Promise<void>;
  resumeReplay(): Promise<void>;
  /** Waits until the replica shows what is committed now. */
  caughtUp(): Promise<void>;
  /** SIGSTOP. @returns lets the replica continue */
  suspendReplica(): () => void;
  stopReplica(): Promise<void>;
  startReplica(): Promise<void>;
  remove(): Promise<void>;
}

type Query = <Row extends Record<string, unknown>>(
  text: string,
  values?: unknown[],
) => Promise<Row[]>;

const settings = { fsync: 'off', scram_iterations: '1', max_connections: '60' };

/** Migrated and empty. */
export async function startReplicatedPostgres(): Promise<ReplicatedPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'auth-service-replica-'));
  const [home, copy] = [join(folder, 'primary'), join(folder, 'replica')];
  const created = await startEmbeddedPostgres({ dataDirectory: home, settings });
  await migrateDatabase({ url: created.url, onProgress: () => undefined });
  // The files of a server that was shut down are a base backup.
  await created.stop();
  await promisify(execFile)('cp', ['-a', home, copy]); // with the owners, which node:fs does not keep
  const primary = await startEmbeddedPostgres({ dataDirectory: home, settings });
  await makeStandby(join(home, 'postgres'), join(copy, 'postgres'), primary.url);
  let replica = await startEmbeddedPostgres({ dataDirectory: copy, settings });
  const port = Number(new URL(replica.url).port);
  const query = queryOn(primary.url);
  const queryReplica = queryOn(replica.url);

  return {
    primaryUrl: primary.url,
    replicaUrl: replica.url,
    query,
    queryReplica,
    async pauseReplay() {
      await queryReplica('select pg_wal_replay_pause()');
      await until(async () => {
        const [row] = await queryReplica(`select pg_get_wal_replay_pause_state() as state`);
        return row?.state === 'paused';
      });
    },
    async resumeReplay() {
      await queryReplica('select pg_wal_replay_resume()');
    },
    async caughtUp() {
      const [row] = await query('select pg_current_wal_lsn()::text as lsn');
      await until(async () => {
        const replayed = 'select pg_last_wal_replay_lsn() >= $1::pg_lsn as "isReplayed"';
        return (await queryReplica(replayed, [row?.lsn]))[0]?.isReplayed === true;
      });
    },
    suspendReplica() {
      const pids = suspendPostgres(copy);
      return () => resumePostgres(pids);
    },
    stopReplica: () => replica.stop(),
    async startReplica() {
      replica = await startEmbeddedPostgres({ dataDirectory: copy, settings, port });
    },
    async remove() {
      await replica.stop();
      await primary.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** PostgreSQL, "Setting Up a Standby Server": the signal file and the connection to the primary. */
async function makeStandby(original: string, copy: string, primaryUrl: string): Promise<void> {
  const signal = join(copy, 'standby.signal');
  await appendFile(join(copy, 'postgresql.auto.conf'), `primary_conninfo = '${primaryUrl}'\n`);
  await writeFile(signal, '');
  const { uid, gid } = await stat(original);
  await chown(signal, uid, gid);
}

function queryOn(url: string): Query {
  return async <Row extends Record<string, unknown>>(text: string, values?: unknown[]) => {
    const client = await connectOnce(url);
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  };
}
