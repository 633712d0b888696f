/** Wires the session check: the database's reads, and a replica of it where a feature brings one. */
import type { Config } from './config/config.js';
import type { Database } from './db/client.js';
import { createSessionReads } from './db/session-reads.js';
import type { Logger } from './log/logger.js';
import { logStatementFallback } from './log/statement-fallback.js';
import type { ComparedClock } from './session/compared-clock.js';
import type { CredentialRules } from './session/credential.js';
import {
  createInspector,
  type InspectorDependencies,
  type InspectSession,
} from './session/inspector.js';
import { preferReplica } from './session/prefer-replica.js';
import type { SessionReplica } from './session-replica.js';

interface Dependencies extends Pick<InspectorDependencies, 'now' | 'clock'> {
  readonly config: Pick<Config, 'sessionLifetime'>;
  readonly credentialRules: CredentialRules;
  readonly database: Pick<Database, 'orm'>;
  readonly logger: Logger;
  /** Undefined where every check asks the primary. */
  readonly replica: SessionReplica | undefined;
}

interface Inspectors {
  /** Asks the primary: for what is decided here, and for a browser, which has to see its own last change. */
  readonly inspect: InspectSession;
  /** For `GET /session`. */
  readonly inspectForServers: InspectSession;
}

export function createInspectors(dependencies: Dependencies): Inspectors {
  const { config, credentialRules, database, logger, replica, now, clock } = dependencies;
  const rules = { ...credentialRules, lifetime: config.sessionLifetime, now, clock };
  const onFallback = (sqlState: string | undefined) => logStatementFallback(logger, sqlState);
  const inspect = createInspector({
    ...rules,
    ...createSessionReads(database.orm, { onFallback }),
  });
  if (replica === undefined) return { inspect, inspectForServers: inspect };
  const onReplica = createInspector({
    ...rules,
    clock: onlyCompared(clock),
    findSession: replica.findSession,
    findEnding: () => Promise.resolve(undefined), // the primary is asked anyway
  });
  return { inspect, inspectForServers: preferReplica(onReplica, inspect) };
}

/** Compares nothing itself: while the primary is asked for the time, what the replica has said would grow old. */
function onlyCompared(clock: ComparedClock): ComparedClock {
  const refuse = () => new Error('the clock has to be compared first');
  return {
    aheadMs() {
      const ahead = clock.aheadMs();
      if (typeof ahead === 'number') return ahead;
      ahead.catch(() => undefined); // the check by the primary reports it
      throw refuse();
    },
    compare: () => Promise.reject(refuse()),
  };
}
