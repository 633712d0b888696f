/** Finds sessions on the replica. What it does not find within the bound of its lag, the primary is asked for. */
import { createDatabase } from '../../db/client.js';
import { createSessionStore } from '../../db/session-store.js';
import { explainUnavailable, type Unavailability } from '../../db/unavailable.js';
import { isServiceBusy } from '../../event-loop.js';
import { logStatementFallback } from '../../log/statement-fallback.js';
import { throttleLines } from '../../log/throttle-lines.js';
import type { SessionReplica } from '../../session-replica.js';
import type { ReplicaServices } from '../slots.js';
import { counterName } from './counters.js';
import { explainReplica, variable } from './explain-replica.js';
import type { ReplicaSettings } from './feature.js';
import { createHeartbeat, selectBeat, writeBeat, type Recency } from './heartbeat.js';
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
    onFailure: onBeatNotWritten,
  });
  const findWithBeat = createSessionStore(replica.orm, {
    alsoSelect: selectBeat(heartbeat.id),
    onFallback: (sqlState) => logStatementFallback(logger, sqlState, variable),
  });
  const pauses = { unavailable: createPause(), behind: createPause() };
  const omittedLines = throttleLines();

  function warn(code: string, fields: Readonly<Record<string, string>>): void {
    const omitted = omittedLines(code);
    if (omitted === undefined) return;
    logger.warn(
      { code, variable, ...fields, ...(omitted > 0 && { linesSinceLast: omitted }) },
      'session checks of servers ask the primary instead of the replica',
    );
  }

  function onBeatNotWritten(error: unknown): void {
    if (isServiceBusy(error)) return;
    warn('REPLICA_BEAT_NOT_WRITTEN', fieldsOf('DATABASE_URL', explainUnavailable(error)));
  }

  function onBehind(): void {
    pauses.behind.begin(Math.min(pauseMs, maxLagMs));
    warn('REPLICA_BEHIND', {
      seen: `${variable} points to a database that lags behind by more than REPLICA_MAX_LAG_MS (${maxLagMs}), or is no streaming replica of DATABASE_URL`,
      fix: 'see pg_stat_replication on the primary: a slow network, long queries on the replica, or a paused replay; or raise REPLICA_MAX_LAG_MS',
    });
  }

  function onFailure(error: unknown): void {
    count(counterName, 'unavailable');
    if (isServiceBusy(error)) return; // this process, not the replica
    pauses.unavailable.begin(pauseMs);
    warn('REPLICA_UNAVAILABLE', fieldsOf(variable, explainReplica(error)));
  }

  /** After a failure one check tries again; the others go on without it. */
  function mayAsk(): boolean {
    heartbeat.keepBeating();
    return heartbeat.isBeating() && pauses.unavailable.isOver() && pauses.behind.isOver();
  }

  return {
    async findSession(token) {
      if (!mayAsk()) {
        count(counterName, 'skipped');
        return undefined;
      }
      try {
        const found = await findWithBeat(token);
        pauses.unavailable.end();
        const result = found === undefined ? 'not_found' : heartbeat.recencyOf(beatOf(found));
        count(counterName, resultNames[result]);
        if (result === 'recent') {
          pauses.behind.end();
          return found;
        }
        if (result === 'behind') onBehind();
      } catch (error) {
        onFailure(error);
      }
      return undefined;
    },
    close: () => replica.close(),
  };
}

const fieldsOf = (of: string, { code: cause, message, fix }: Unavailability) => ({
  variable: of,
  cause,
  seen: `${of} ${message}`,
  fix,
});

const beatOf = ({ also }: { readonly also?: unknown }) => (typeof also === 'string' ? also : null);

/** As the counter names them. */
const resultNames = {
  not_found: 'not_found',
  recent: 'found',
  arriving: 'skipped',
  behind: 'behind',
} as const satisfies Record<Recency | 'not_found', string>;
