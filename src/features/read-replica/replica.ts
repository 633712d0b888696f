/** Finds sessions on the replica. What it does not find within the bound of its lag, the primary is asked for. */
import { createDatabase } from '../../db/client.js';
import { createSessionStore } from '../../db/session-store.js';
import { isServiceBusy } from '../../event-loop.js';
import { logStatementFallback } from '../../log/statement-fallback.js';
import { throttleLines } from '../../log/throttle-lines.js';
import type { SessionReplica } from '../../session-replica.js';
import type { ReplicaServices } from '../slots.js';
import { counterName } from './counters.js';
import type { ReplicaSettings } from './feature.js';
import { explainReplica, variable } from './explain-replica.js';
import { createHeartbeat, selectBeat, writeBeat } from './heartbeat.js';
import { createPause } from './pause.js';

/** To connect, and for a statement. With the ping of an idle connection, a check that waits in vain still has 6 s left. */
const timeoutMs = 1_000;

const pauseMs = 2_000;

export function createReplica(
  { url, maxLagMs }: ReplicaSettings,
  { config, database, now, logger, count }: ReplicaServices,
): SessionReplica {
  const replica = createDatabase({
    url,
    now,
    maxConnections: config.databasePoolSize,
    connectTimeoutMs: timeoutMs,
    queryTimeoutMs: timeoutMs,
    onIdleError: (err) => logger.warn({ err, variable }, 'idle replica connection lost'),
  });
  const heartbeat = createHeartbeat({
    maxLagMs,
    write: (id, beat) => writeBeat(database.orm, id, beat),
  });
  const findWithBeat = createSessionStore(replica.orm, {
    alsoSelect: selectBeat(heartbeat.id),
    onFallback: (sqlState) => logStatementFallback(logger, sqlState, variable),
  });
  const pause = createPause();
  const omittedLines = throttleLines();

  function warn(fields: {
    readonly code: string;
    readonly seen: string;
    readonly fix: string;
  }): void {
    const omitted = omittedLines(fields.code);
    if (omitted === undefined) return;
    const more = omitted > 0 && { linesSinceLast: omitted };
    logger.warn(
      { variable, ...fields, ...more },
      'session checks of servers ask the primary instead of the replica',
    );
  }

  function onBehind(): void {
    count(counterName, 'behind');
    pause.begin(Math.min(pauseMs, maxLagMs));
    const seen = `${variable} points to a database that lags behind by more than REPLICA_MAX_LAG_MS (${maxLagMs}), or does not follow DATABASE_URL`;
    const fix =
      'see pg_stat_replication on the primary: a slow network, long queries on the replica, or a paused replay; or raise REPLICA_MAX_LAG_MS';
    warn({ code: 'REPLICA_BEHIND', seen, fix });
  }

  function onFailure(error: unknown): void {
    count(counterName, 'unavailable');
    if (isServiceBusy(error)) return; // this process, not the replica
    pause.begin(pauseMs);
    warn({ code: 'REPLICA_UNAVAILABLE', ...explainReplica(error) });
  }

  return {
    isUsable() {
      heartbeat.keepBeating();
      const isUsable = heartbeat.isBeating() && pause.isOver();
      if (!isUsable) count(counterName, 'skipped');
      return isUsable;
    },
    async findSession(token) {
      try {
        const found = await findWithBeat(token);
        pause.end();
        if (found === undefined) {
          count(counterName, 'not_found');
        } else if (heartbeat.isRecent(found.also as number | null)) {
          count(counterName, 'found');
          return found;
        } else {
          onBehind();
        }
      } catch (error) {
        onFailure(error);
      }
      return undefined;
    },
    close: () => replica.close(),
  };
}
