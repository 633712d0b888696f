/** How long a mail waits after a failed attempt. */

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Short at first, because most links are valid for minutes only; greylisting usually ends within five to fifteen. */
const pauses = [
  10 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
];

/** @param attempts how many have failed, from 1. @returns milliseconds */
export function retryPauseMs(attempts: number): number {
  return pauses[Math.min(attempts, pauses.length) - 1] ?? 4 * hour;
}
