/** What becomes of ceremonies with passkeys, and of the links in the notices about them, by result. */
import type { CounterDefinition } from '../../counters.js';
import { reasons } from './reasons.js';

export const counterName = 'auth_passkeys_total';
export const linkCounterName = 'auth_passkey_links_total';

export const passkeyCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Ceremonies with passkeys, by result: added, signed_in, verified as a second factor, removed, or why they failed',
    label: 'result',
    values: ['added', 'signed_in', 'verified', 'removed', ...Object.keys(reasons)],
  },
  {
    name: linkCounterName,
    help: 'Links in notices about passkeys, by result: redeemed, or why they were refused',
    label: 'result',
    values: ['redeemed', 'used', 'expired', 'replaced', 'unknown'],
  },
];
