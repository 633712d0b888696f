/** The limits that hold for an account now. */
import { lockPrefixes, pauseKey, secondFactorLockPrefixes } from '../../../auth/sign-in-keys.js';
import type { KeyRing } from '../../../config/secrets.js';
import type { RateLimit } from '../../../config/rate-limits.js';
import type { Counter } from '../../../limit-store.js';
import type { ExplainSettings } from './settings.js';

export interface ActiveLimit {
  /** `pause` is of one network or browser, `total` of all that are not known, `known` of all that are, `factor` of second factors. */
  readonly name: 'pause' | 'total' | 'known' | 'factor';
  readonly until: Date;
  /** For a pause, whether it is of a network from which the user signed in; undefined for that of a browser. */
  readonly isOwnNetwork?: boolean;
}

interface Account {
  readonly userId: string | undefined;
  readonly email: string;
  /** Networks from which the user has signed in. */
  readonly networks: readonly string[];
}

/** @param find reads the counters by what their keys begin with @throws as it does */
export async function readActiveLimits(
  find: (prefixes: readonly string[]) => Promise<readonly Counter[]>,
  { userId, email, networks }: Account,
  { current }: KeyRing,
  settings: ExplainSettings,
  now: Date,
): Promise<ActiveLimit[]> {
  const counters = await find([
    ...lockPrefixes(current.value, email),
    ...(userId === undefined ? [] : secondFactorLockPrefixes(current.value, userId)),
  ]);
  const own = new Set(networks.map((network) => pauseKey(current.value, email, network)));
  return counters.flatMap(({ key, count, lastRequest: last }): ActiveLimit[] => {
    const isPause = key.startsWith('pause|');
    const lengthMs = isPause ? pauseMs(count, settings) : windowMs(count, settings.account);
    const until = new Date(last + lengthMs);
    if (until <= now || last > now.getTime() + clockToleranceMs) return [];
    if (key.startsWith('pause|factor|') || key.startsWith('account|factor|'))
      return [{ name: 'factor', until }];
    if (isPause) return [{ name: 'pause', until, isOwnNetwork: own.has(key) }];
    return [{ name: key.endsWith('|known') ? 'known' : 'total', until }];
  });
}

/** A window that begins in the future does not count; clocks may differ by so much. */
const clockToleranceMs = 60_000;

/** As in sign-in-attempts.ts. */
function pauseMs(count: number, { pause }: ExplainSettings): number {
  const { free, firstSeconds, longestSeconds } = pause;
  if (count < free) return 0;
  return Math.min(longestSeconds, firstSeconds * 2 ** Math.min(count - free, 30)) * 1000;
}

function windowMs(count: number, { max, windowSeconds }: RateLimit): number {
  return count >= max ? windowSeconds * 1000 : 0;
}
