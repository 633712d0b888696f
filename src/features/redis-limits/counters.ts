/** How often Redis did not do what it was asked for. */
import type { CounterDefinition } from '../../counters.js';
import { redisCauses } from './causes.js';

export const counterName = 'auth_limits_unavailable_total';

export const redisLimitCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Commands to Redis that failed, by cause: attempts, which are then refused with 503; refunds after an attempt; lists for operators; and probes of readiness',
    label: 'cause',
    values: Object.keys(redisCauses),
  },
];
