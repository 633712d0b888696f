/** What happens to links that sign in, by result. */
import type { CounterDefinition } from '../../counters.js';

export const counterName = 'auth_magic_links_total';

export const magicLinkCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Links that sign in, by result: redeemed, or why they were refused',
    label: 'result',
    values: ['redeemed', 'used', 'expired', 'replaced', 'unknown', 'wrong_browser'],
  },
];
