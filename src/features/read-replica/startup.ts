/** Writes a beat to the primary at start, and looks whether and when it arrives at the replica. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import type { Finding } from '../../config/finding.js';
import { createDatabase, type Database } from '../../db/client.js';
import type { StartupServices } from '../slots.js';
import { explainUnavailable } from '../../db/unavailable.js';
import { explainReplica, variable } from './explain-replica.js';
import type { ReplicaSettings } from './feature.js';
import { selectBeat, writeBeat } from './heartbeat.js';
import { replicaHeartbeat } from './tables.js';

const timeoutMs = 2_000;

/** The report waits no longer, even if the bound allows more. */
const maxWaitMs = 3_000;

export async function findStartupFaults(
  { url, maxLagMs }: ReplicaSettings,
  { database, now }: Pick<StartupServices, 'database' | 'now'>,
): Promise<readonly Finding[]> {
  const timeouts = { connectTimeoutMs: timeoutMs, queryTimeoutMs: timeoutMs };
  const replica = createDatabase({
    url,
    now,
    maxConnections: 1,
    ...timeouts,
    onIdleError: () => undefined,
  });
  try {
    return await examine(replica.orm, database.orm, maxLagMs);
  } finally {
    await replica.close();
  }
}

type Orm = Database['orm'];

async function examine(replica: Orm, primary: Orm, maxLagMs: number): Promise<readonly Finding[]> {
  const id = randomUUID();
  const endsAt = performance.now() + Math.min(maxLagMs, maxWaitMs);
  try {
    await writeBeat(primary, id, id);
  } catch (error) {
    return [beatNotWritten(error)];
  }
  try {
    for (;;) {
      const found = await readReplica(replica, id).catch((error: unknown) => ({ error }));
      if ('error' in found) return [unavailable(found.error)];
      if (!found.isReplica) return [notAReplica];
      if (found.beat === id) return [];
      if (performance.now() > endsAt) return [behind(maxLagMs)];
      await sleep(20);
    }
  } finally {
    await primary.delete(replicaHeartbeat).where(eq(replicaHeartbeat.id, id));
  }
}

async function readReplica(replica: Orm, id: string) {
  const { rows } = await replica.execute<{ beat: string | null; isReplica: boolean }>(
    sql`select ${selectBeat(id)} as beat, pg_is_in_recovery() as "isReplica"`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a select without from has one row');
  return row;
}

function beatNotWritten(error: unknown): Finding {
  const { code: cause, message, fix } = explainUnavailable(error);
  return {
    level: 'warn',
    code: 'REPLICA_BEAT_NOT_WRITTEN',
    variable: 'DATABASE_URL',
    message: `${message} (${cause}): without a beat in replica_heartbeat, session checks do not ask DATABASE_REPLICA_URL`,
    fix,
  };
}

function unavailable(error: unknown): Finding {
  const { code: cause, message, fix } = explainReplica(error);
  return {
    level: 'warn',
    code: 'REPLICA_UNAVAILABLE',
    variable,
    message: `${message} (${cause}), so session checks ask DATABASE_URL`,
    fix,
  };
}

const notAReplica: Finding = {
  level: 'warn',
  code: 'REPLICA_IS_PRIMARY',
  variable,
  message:
    'points to a server that is not in recovery: the primary itself, or a copy by logical replication, which may leave out deletions; session checks ask DATABASE_URL',
  fix: 'use the URL of a streaming replica, or remove DATABASE_REPLICA_URL and REPLICA_MAX_LAG_MS',
};

function behind(maxLagMs: number): Finding {
  return {
    level: 'warn',
    code: 'REPLICA_BEHIND',
    variable,
    message: `points to a database where a change of DATABASE_URL did not arrive within REPLICA_MAX_LAG_MS (${maxLagMs}), so session checks ask DATABASE_URL`,
    fix: 'check that it is a replica of that database; if so, see pg_stat_replication, or raise REPLICA_MAX_LAG_MS',
  };
}
