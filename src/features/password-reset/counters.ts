/** What happens to links that reset a password, by result. */
import type { CounterDefinition } from '../../counters.js';

export const counterName = 'auth_password_reset_links_total';

export const passwordResetCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Links that reset a password, by result: redeemed, or why they were refused',
    label: 'result',
    values: ['redeemed', 'used', 'expired', 'replaced', 'unknown'],
  },
];
