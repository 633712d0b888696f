/** What becomes of events. */
import type { CounterDefinition } from '../../counters.js';

export const counterName = 'auth_audit_events_total';

export const auditCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Events of the audit trail: written, or dropped because the database was away for long or there were too many',
    label: 'result',
    values: ['written', 'dropped'],
  },
];
