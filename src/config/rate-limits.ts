/** How often somebody may try: `3/10s` is three times within ten seconds, whatever the third one's time. */

export interface RateLimit {
  /** How many within one window are let through. */
  readonly max: number;
  /** How long a window lasts from its first request, in seconds. */
  readonly windowSeconds: number;
}

export interface RateLimits {
  /** Every endpoint that has no rule of its own, by address. */
  readonly perAddress: RateLimit;
  /** Sign-in and sign-up, by address. */
  readonly signInPerAddress: RateLimit;
  /** Sign-in, by account, whatever the addresses. */
  readonly signInPerAccount: RateLimit;
}

const secondsIn = { s: 1, m: 60, h: 3_600 } as const;

/** Windows are no longer: the sweep may delete what is older, and no clock can keep anybody out for longer. */
export const longestWindowSeconds = 86_400;

const pattern = /^([1-9]\d{0,4})\/([1-9]\d{0,4})([smh])$/;

/** Whether the text is a limit such as `3/10s`, `30/1m` or `1000/1h`, its window a day at most. */
export function isRateLimit(text: string): boolean {
  return pattern.test(text) && readRateLimit(text).windowSeconds <= longestWindowSeconds;
}

/** @param text what isRateLimit accepts */
export function readRateLimit(text: string): RateLimit {
  const [, max, count, unit = 's'] = pattern.exec(text) ?? [];
  return {
    max: Number(max),
    windowSeconds: Number(count) * secondsIn[unit as keyof typeof secondsIn],
  };
}
