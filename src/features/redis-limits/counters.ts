/** How often an attempt could not be counted. */
import type { CounterDefinition } from '../../counters.js';
import { redisCauses } from './causes.js';

export const counterName = 'auth_limits_unavailable_total';

export const redisLimitCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Attempts that could not be counted in Redis, and were refused with 503, by cause',
    label: 'cause',
    values: Object.keys(redisCauses),
  },
];
