/**
 * Attempts to sign in on the service's own counting, with a clock that the simulation moves: an hour takes seconds. The
 * limits are the defaults. Passwords are not hashed, because no limit depends on that.
 */
import { sql } from 'drizzle-orm';
import { readRateLimits } from '../src/config/rate-limits.js';
import { coreVariables } from '../src/config/variables.js';
import { createDatabase } from '../src/db/client.js';
import { createSignInAttempts } from '../src/db/sign-in-attempts.js';
import { signInKeys } from '../src/auth/sign-in-keys.js';
import { run } from './cluster.js';
import { secret } from './seed.js';

/** One attempt of a client. */
export interface Attempt {
  readonly account: string;
  readonly address: string;
  /** A browser that signed in to the account before. */
  readonly device?: string;
  readonly hasRightPassword?: boolean;
}

export interface Simulation {
  /** Forgets what was counted. */
  clear(): Promise<void>;
  /** @param second since the beginning */
  moveTo(second: number): Promise<void>;
  /** @returns 0 if the password is verified, otherwise the seconds of Retry-After */
  attempt(attempt: Attempt): Promise<number>;
  /** As after a mailed link that was redeemed at this address. */
  unlock(account: string, address: string): Promise<void>;
  stop(): Promise<void>;
}

/** Found before PostgreSQL's own function, because its schema is earlier in search_path. */
const clock = `
  create schema simulation;
  create function simulation.clock_timestamp() returns timestamptz language sql volatile as $$
    select pg_catalog.clock_timestamp()
      + make_interval(secs => coalesce(nullif(current_setting('simulation.second', true), ''), '0')::float8)
  $$`;

const keyRing = {
  variable: 'BETTER_AUTH_SECRET',
  current: { version: 0, value: secret },
  previous: [],
} as const;

/** @param url of an empty, migrated database */
export async function startSimulation(url: string): Promise<Simulation> {
  const name = new URL(url).pathname.slice(1);
  await run(url, clock, `alter database ${name} set search_path = simulation, public, pg_catalog`);
  const limits = readRateLimits(coreVariables.parse({}), () => false, []);
  const database = createDatabase({
    url,
    maxConnections: 1, // the clock is a setting of the connection
    now: () => new Date(),
    onIdleError: () => undefined,
  });
  const { orm } = database;
  const attempts = createSignInAttempts(orm, {
    pause: limits.pause,
    account: limits.signInPerAccount,
  });
  return {
    async clear() {
      await orm.execute(sql`truncate rate_limit`);
    },
    async moveTo(second) {
      await orm.execute(sql`select set_config('simulation.second', ${String(second)}, false)`);
    },
    async attempt({ account, address, device, hasRightPassword = false }) {
      const counter = {
        key: `${address}|/sign-in/email`,
        limit: limits.wrongPasswordsPerAddress,
      };
      const keys = signInKeys(keyRing, account, { address, device });
      const attempt = await attempts.count(counter, keys);
      if (!attempt.isAllowed) return attempt.retryAfterSeconds;
      if (hasRightPassword) await attempts.succeed(attempt.counted);
      return 0;
    },
    unlock: (account, address) => attempts.unlock(signInKeys(keyRing, account, { address })),
    stop: () => database.close(),
  };
}
