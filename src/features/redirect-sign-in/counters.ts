/** What becomes of redirects and of the mails that prove an address, by result. */
import type { CounterDefinition } from '../../counters.js';
import { reasons } from './reasons.js';

export const counterName = 'auth_redirects_total';
export const linkCounterName = 'auth_provider_links_total';

export const redirectCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Redirects to providers, by result: started, signed_in, signed_up, linked, or why they failed',
    label: 'result',
    values: ['started', 'signed_in', 'signed_up', 'linked', ...Object.keys(reasons)],
  },
  {
    name: linkCounterName,
    help: 'Links that prove the address of a login at a provider, by result: redeemed, or why they were refused',
    label: 'result',
    values: ['redeemed', 'used', 'expired', 'replaced', 'unknown', 'wrong_browser'],
  },
];
