/** What happens to links that delete an account, by result. */
import type { CounterDefinition } from '../../counters.js';

export const counterName = 'auth_delete_account_links_total';

export const deleteAccountCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Links that delete an account, by result: redeemed, or why they were refused',
    label: 'result',
    values: ['redeemed', 'used', 'expired', 'replaced', 'unknown'],
  },
];
