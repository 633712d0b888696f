/** Rate limits: `3/10s` means three requests in a window of ten seconds. */

export interface RateLimit {
  /** Maximum number of requests per window. */
  readonly max: number;
  /** Length of the window, which begins with its first request, in seconds. */
  readonly windowSeconds: number;
}

export interface RateLimits {
  /** All endpoints without a specific rule, per address. */
  readonly perAddress: RateLimit;
  /** Sign-in and sign-up, per address. */
  readonly signInPerAddress: RateLimit;
  /** Sign-in, per account, for all addresses together. */
  readonly signInPerAccount: RateLimit;
}

const secondsIn = { s: 1, m: 60, h: 3_600 } as const;

/** The maximum window: the sweep may delete older rows, and a wrong clock cannot lock a client out for longer. */
export const longestWindowSeconds = 86_400;

const pattern = /^([1-9]\d{0,4})\/([1-9]\d{0,4})([smh])$/;

/** Whether the text is a limit such as `3/10s`, `30/1m` or `1000/1h`, with a window of at most a day. */
export function isRateLimit(text: string): boolean {
  return pattern.test(text) && readRateLimit(text).windowSeconds <= longestWindowSeconds;
}

/** @param text a valid limit, see isRateLimit */
export function readRateLimit(text: string): RateLimit {
  const [, max, count, unit = 's'] = pattern.exec(text) ?? [];
  return {
    max: Number(max),
    windowSeconds: Number(count) * secondsIn[unit as keyof typeof secondsIn],
  };
}
