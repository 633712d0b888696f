/** What happens to mails, by reason. */
import type { CounterDefinition } from '../../counters.js';
import { counterName } from './courier.js';
import { reasons as mailReasons } from './reasons.js';

export const mailCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Attempts to send a mail by result, and mails that were not attempted by reason',
    label: 'result',
    values: ['sent', ...Object.keys(mailReasons)],
  },
];
