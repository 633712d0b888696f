/** What happens to second factors, by result. */
import type { CounterDefinition } from '../../counters.js';
import { reasons } from './reasons.js';

export const counterName = 'auth_second_factors_total';

export const factorCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Second factors, by result: what was proven or changed, or why it was refused',
    label: 'result',
    values: [
      'enrolled',
      'disabled',
      'totp',
      'backup_code',
      'trusted_device',
      ...Object.keys(reasons),
    ],
  },
];
