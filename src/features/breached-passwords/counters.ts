/** What the checks of passwords found. */
import type { CounterDefinition } from '../../counters.js';
import { reasons } from './reasons.js';

export const counterName = 'auth_breached_passwords_total';

export const breachedPasswordCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Passwords checked for breaches, by result: clean, refused, advised at sign-in, or why they were not checked',
    label: 'result',
    values: ['clean', 'refused', 'advised', ...Object.keys(reasons)],
  },
];
