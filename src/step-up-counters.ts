/** What became of step-ups, by method. Not in auth/, which is loaded late (lazy-auth.ts). */
import type { CounterDefinition } from './counters.js';

const counterName = 'auth_step_ups_total';
const methods = ['password', 'totp', 'backup_code', 'passkey'] as const;
const outcomes = ['proven', 'refused', 'limited'] as const;

type StepUpCount = `${(typeof methods)[number]}_${(typeof outcomes)[number]}`;

export const stepUpCounters: readonly CounterDefinition[] = [
  {
    name: counterName,
    help: 'Step-ups by method and outcome; passwords that a limit refuses are in auth_rate_limited_total only',
    label: 'result',
    values: methods.flatMap((method) => outcomes.map((outcome) => `${method}_${outcome}` as const)),
  },
];

export function countStepUp(
  count: ((counter: string, value: string) => void) | undefined,
  result: StepUpCount,
): void {
  count?.(counterName, result);
}
