/** Brings a database to this build's schema: waits for it to wake, holds a lock, says what it did. */
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectOnce, type Orm } from './client.js';
import { sqlState } from '../log/error-chain.js';
import {
  importDrizzleMigrations,
  migrationsFolder,
  readApplied,
  readMigrations,
} from './migrations.js';
import { migrationsTableConfig } from './migrations-table.js';

export interface MigrateOptions {
  /** The direct URL: a pooler in transaction mode keeps no advisory lock. */
  readonly url: string;
  /** Told what happens, a sentence at a time. */
  readonly onProgress: (sentence: string) => void;
  /** Looks at the database before anything is applied, while nobody else migrates it; throws to refuse. */
  readonly assertAllowed?: (orm: Pick<Orm, 'execute'>) => Promise<void>;
  /** How long to wait for a database that wakes or starts, in milliseconds. */
  readonly retryForMs?: number;
}

/** Any number does, as long as every migrator takes the same. */
const lockId = 7_236_551;
const pollMs = 500;

/**
 * Applies what is pending, in one transaction. Two at once wait for each other; a second run does nothing.
 * @returns the tags of the migrations it applied
 * @throws when the database stays away, refuses the password, or a statement fails; nothing is applied then
 */
export async function migrateDatabase(options: MigrateOptions): Promise<string[]> {
  const { url, onProgress, assertAllowed, retryForMs = 60_000 } = options;
  const giveUpAt = Date.now() + retryForMs;
  const client = await waitForDatabase(url, onProgress, giveUpAt);
  try {
    const orm = drizzle(client);
    const tryLock = sql`select pg_try_advisory_lock(${lockId}) as locked`;
    let isReported = false;
    while ((await orm.execute<{ locked: boolean }>(tryLock)).rows[0]?.locked !== true) {
      if (!isReported) onProgress('another migration is running: waiting for it');
      isReported = true;
      if (Date.now() >= giveUpAt) throw new Error('another migration still runs: nothing was done');
      await sleep(pollMs);
    }
    await assertAllowed?.(orm);
    await importDrizzleMigrations(orm);
    const before = await readApplied(orm);
    await migrate(orm, { migrationsFolder, ...migrationsTableConfig });
    const applied = readMigrations().filter(({ when }) => !before.includes(when));
    const tags = applied.map(({ tag }) => tag);
    onProgress(tags.length === 0 ? 'the database is up to date' : `applied ${tags.join(', ')}`);
    return tags;
  } finally {
    await client.end(); // gives the lock back
  }
}

async function waitForDatabase(
  url: string,
  onProgress: MigrateOptions['onProgress'],
  until: number,
) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connectOnce(url);
    } catch (error) {
      if (!isRetryable(error) || Date.now() >= until) throw error;
      if (attempt === 1) onProgress('the database does not answer yet: waiting for it');
      await sleep(pollMs);
    }
  }
}

/** A refused password or a missing database will not come right by waiting; 57P03 is "starting up". */
function isRetryable(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || state === '57P03' || state.startsWith('08');
}
