/** What happens to links that prove an address, by result. */
import type { CounterDefinition } from '../../counters.js';

export const counterName = 'auth_email_verification_links_total';

export const emailVerificationCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Links that prove an address, by result: redeemed, or why they were refused',
    label: 'result',
    values: [
      'redeemed',
      'used',
      'expired',
      'replaced',
      'unknown',
      'wrong_browser',
      'wrong_password',
    ],
  },
];
