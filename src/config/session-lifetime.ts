/** How long sessions last, from `SESSION_IDLE_DAYS` and `SESSION_ABSOLUTE_DAYS`. */
import type { SessionLifetime } from '../session/lifetime.js';
import type { Finding } from './finding.js';

const secondsPerDay = 86_400;

/** @param isIdleSet whether the operator chose the idle time, and may have meant what cannot hold */
export function readSessionLifetime(
  values: { SESSION_IDLE_DAYS: number; SESSION_ABSOLUTE_DAYS: number },
  isIdleSet: boolean,
  findings: Finding[],
): SessionLifetime {
  const { SESSION_IDLE_DAYS: idle, SESSION_ABSOLUTE_DAYS: absolute } = values;
  if (isIdleSet && idle > absolute) {
    findings.push({
      level: 'warn',
      code: 'SESSION_IDLE_OVER_ABSOLUTE',
      variable: 'SESSION_IDLE_DAYS',
      message: 'is longer than SESSION_ABSOLUTE_DAYS, so every session ends before it is idle',
      fix: 'lower it, or raise SESSION_ABSOLUTE_DAYS',
    });
  }
  const idleSeconds = Math.min(idle, absolute) * secondsPerDay;
  return {
    idleSeconds,
    absoluteSeconds: absolute * secondsPerDay,
    // Once a day, as BetterAuth does by itself; a session of one day could then never be extended.
    refreshAfterSeconds: Math.min(secondsPerDay, idleSeconds / 2),
  };
}
