/** What became of requests for which a captcha was due. */
import type { CounterDefinition } from '../../counters.js';
import { reasons } from './reasons.js';

export const counterName = 'auth_captcha_total';

export const captchaCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Requests for which a captcha was due, by result: passed, or the reason why it was refused or not checked',
    label: 'result',
    values: ['passed', ...Object.keys(reasons)],
  },
];
