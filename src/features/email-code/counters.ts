/** What happens to codes that sign in, by result. */
import type { CounterDefinition } from '../../counters.js';

export const counterName = 'auth_email_codes_total';

export const emailCodeCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Mailed codes that sign in, by result: redeemed, or why they were refused',
    label: 'result',
    values: [
      'redeemed',
      'wrong',
      'used',
      'expired',
      'replaced',
      'unknown',
      'wrong_browser',
      'tries_exceeded',
    ],
  },
];
