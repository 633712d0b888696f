/** Who answered servers' session checks. */
import type { CounterDefinition } from '../../counters.js';

export const counterName = 'auth_replica_lookups_total';

export const replicaCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Session checks for servers, by what the replica did: found the session, did not know it (not_found), knew it in a state older than REPLICA_MAX_LAG_MS (behind), failed (unavailable), or was not asked or shows no beat yet (skipped). All but the first ask the primary',
    label: 'result',
    values: ['found', 'not_found', 'behind', 'unavailable', 'skipped'],
  },
];
