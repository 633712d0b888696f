/** What becomes of webhooks. */
import type { CounterDefinition } from '../../counters.js';
import { reasons } from './reasons.js';

export const counterName = 'auth_webhooks_total';

export const webhookCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Attempts to deliver webhooks, by result: sent, or why not',
    label: 'result',
    values: ['sent', ...Object.keys(reasons)],
  },
];
