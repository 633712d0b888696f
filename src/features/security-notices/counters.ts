/** What happens to the links "That was not me", by result. */
import type { CounterDefinition } from '../../counters.js';

export const counterName = 'auth_not_me_links_total';

export const securityNoticeCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Links "That was not me", by result: redeemed, or why they were refused',
    label: 'result',
    values: ['redeemed', 'used', 'expired', 'replaced', 'unknown'],
  },
];
