/** What happens to links that change an address, and to those that undo it, by result. */
import type { CounterDefinition } from '../../counters.js';

export const changeCounter = 'auth_email_change_links_total';
export const undoCounter = 'auth_email_undo_links_total';

const values = ['redeemed', 'used', 'expired', 'replaced', 'unknown', 'address_taken'];

export const changeEmailCounters: readonly CounterDefinition[] = [
  {
    name: changeCounter,
    help: 'Links that change an e-mail address, by result: redeemed, or why they were refused',
    label: 'result',
    values,
  },
  {
    name: undoCounter,
    help: 'Links that undo a change of an e-mail address, by result: redeemed, or why they were refused',
    label: 'result',
    values,
  },
];
