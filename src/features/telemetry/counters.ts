/** What of the telemetry was lost. */
import type { CounterDefinition } from '../../counters.js';

export const counterName = 'auth_telemetry_dropped_total';

/** `queue_full`: spans beyond what waits for the receiver; the others: exports that failed. */
const dropCauses = ['queue_full', 'traces_not_exported', 'metrics_not_exported'] as const;

export type DropCause = (typeof dropCauses)[number];

export const telemetryCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Spans and exports of metrics that were lost, by cause',
    label: 'cause',
    values: dropCauses,
  },
];
