/** Rate limits: `3/10s` means three requests in a window of ten seconds. */
import type { Finding } from './finding.js';

export interface RateLimit {
  /** Maximum number of requests per window. */
  readonly max: number;
  /** Length of the window, which begins with its first request, in seconds. */
  readonly windowSeconds: number;
}

/** Pauses after wrong passwords: `3/10s/15m` allows three, then pauses for 10 s, 20 s, 40 s … up to 15 minutes. */
export interface PauseRule {
  /** Wrong passwords before the first pause. */
  readonly free: number;
  /** The first pause, in seconds; each further wrong password doubles it. */
  readonly firstSeconds: number;
  readonly longestSeconds: number;
}

export interface RateLimits {
  /** All endpoints without a specific rule, per address. */
  readonly perAddress: RateLimit;
  /** Sign-up, sign-in without a password, and requests for mails, per address. */
  readonly signInPerAddress: RateLimit;
  /** Wrong passwords at sign-in, per address, and the variable that sets it. */
  readonly wrongPasswordsPerAddress: RateLimit & { readonly variable: string };
  /** Wrong passwords at sign-in, per account, for all addresses together. */
  readonly signInPerAccount: RateLimit;
  /** Wrong passwords at sign-in, per account and network or device. */
  readonly pause: PauseRule;
}

interface RateLimitValues {
  readonly RATE_LIMIT_PER_ADDRESS: string;
  readonly RATE_LIMIT_SIGN_IN_PER_ADDRESS: string;
  readonly RATE_LIMIT_SIGN_IN_PER_ACCOUNT: string;
  readonly LIMIT_NETWORK?: string | undefined;
  readonly LIMIT_PAUSE: string;
}

/** The default of `LIMIT_NETWORK`: a class of thirty signs in at once; one network guesses 360 passwords an hour. */
export const defaultNetworkLimit = '60/10m';

const secondsIn = { s: 1, m: 60, h: 3_600 } as const;

/** The maximum window: the sweep may delete older rows, and a wrong clock cannot lock a client out for longer. */
export const longestWindowSeconds = 86_400;

/** How long a network from which an account signed in counts as known (account-limit.ts). */
export const knownNetworkDays = 90;

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

const pausePattern = /^([1-9]\d?)\/([1-9]\d{0,4})([smh])\/([1-9]\d{0,4})([smh])$/;

/** Whether the text is a rule such as `3/10s/15m`, whose longest pause is at most a day and not shorter than the first. */
export function isPauseRule(text: string): boolean {
  if (!pausePattern.test(text)) return false;
  const { firstSeconds, longestSeconds } = readPauseRule(text);
  return firstSeconds <= longestSeconds && longestSeconds <= longestWindowSeconds;
}

/** @param text a valid rule, see isPauseRule */
export function readPauseRule(text: string): PauseRule {
  const [, free, first, firstUnit = 's', longest, longestUnit = 's'] =
    pausePattern.exec(text) ?? [];
  const seconds = (count: string | undefined, unit: string) =>
    Number(count) * secondsIn[unit as keyof typeof secondsIn];
  return {
    free: Number(free),
    firstSeconds: seconds(first, firstUnit),
    longestSeconds: seconds(longest, longestUnit),
  };
}

/** @param isSet whether the operator set the variable */
export function readRateLimits(
  values: RateLimitValues,
  isSet: (variable: string) => boolean,
  findings: Finding[],
): RateLimits {
  const { LIMIT_NETWORK: network, RATE_LIMIT_SIGN_IN_PER_ADDRESS: signIn } = values;
  // Before LIMIT_NETWORK existed, this variable limited sign-ins with a password too.
  const isInherited = network === undefined && isSet('RATE_LIMIT_SIGN_IN_PER_ADDRESS');
  if (isInherited) {
    findings.push({
      level: 'info',
      code: 'LIMIT_NETWORK_INHERITED',
      variable: 'LIMIT_NETWORK',
      message: 'is not set: RATE_LIMIT_SIGN_IN_PER_ADDRESS also limits wrong passwords per address',
      fix: `set LIMIT_NETWORK, such as ${defaultNetworkLimit}`,
    });
  }
  return {
    perAddress: readRateLimit(values.RATE_LIMIT_PER_ADDRESS),
    signInPerAddress: readRateLimit(signIn),
    wrongPasswordsPerAddress: {
      ...readRateLimit(network ?? (isInherited ? signIn : defaultNetworkLimit)),
      variable: isInherited ? 'RATE_LIMIT_SIGN_IN_PER_ADDRESS' : 'LIMIT_NETWORK',
    },
    signInPerAccount: readRateLimit(values.RATE_LIMIT_SIGN_IN_PER_ACCOUNT),
    pause: readPauseRule(values.LIMIT_PAUSE),
  };
}
