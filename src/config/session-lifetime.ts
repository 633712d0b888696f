/** Reads the session lifetime from `SESSION_IDLE_DAYS` and `SESSION_ABSOLUTE_DAYS`. */
import type { SessionLifetime } from '../session/lifetime.js';
import type { Environment } from './environment.js';
import type { Finding } from './finding.js';
import { coreVariables } from './variables.js';

const secondsPerDay = 86_400;

/** @param isIdleSet whether the operator set the idle time explicitly: only then is a contradiction reported */
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
      message: 'is longer than SESSION_ABSOLUTE_DAYS, so it has no effect',
      fix: 'lower it, or raise SESSION_ABSOLUTE_DAYS',
    });
  }
  const idleSeconds = Math.min(idle, absolute) * secondsPerDay;
  return {
    idleSeconds,
    absoluteSeconds: absolute * secondsPerDay,
    // Once a day, BetterAuth's default; or earlier for sessions of a day, which would otherwise never be extended.
    refreshAfterSeconds: Math.min(secondsPerDay, idleSeconds / 2),
  };
}

/** The absolute timeout for commands, in seconds; undefined if `SESSION_ABSOLUTE_DAYS` is invalid. */
export function readAbsoluteSeconds(env: Environment): number | undefined {
  const days = coreVariables.shape.SESSION_ABSOLUTE_DAYS;
  const { data } = days.safeParse(env.SESSION_ABSOLUTE_DAYS || undefined);
  return data === undefined ? undefined : data * secondsPerDay;
}
