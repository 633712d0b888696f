/** Migrates a database to this build's schema: waits until it accepts connections, holds a lock, reports progress. */
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
  /** The direct URL: a pooler in transaction mode does not keep an advisory lock. */
  readonly url: string;
  /** Called with each progress message. */
  readonly onProgress: (message: string) => void;
  /** Runs before anything is applied, while holding the lock; throws to refuse the migration. */
  readonly assertAllowed?: (orm: Pick<Orm, 'execute'>) => Promise<void>;
  /** How long to retry, in milliseconds, while the database wakes or starts. */
  readonly retryForMs?: number;
}

/** Arbitrary, but the same for every migrator. */
const lockId = 7_236_551;
const pollMs = 500;

/**
 * Applies pending migrations in one transaction. Concurrent runs wait for each other; a repeated run changes nothing.
 * @returns the tags of the applied migrations
 * @throws if the database stays unavailable, refuses the password, or a statement fails; nothing is applied then
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
      if (!isReported) onProgress('waiting for another migration to finish');
      isReported = true;
      if (Date.now() >= giveUpAt)
        throw new Error('another migration is still running; nothing was changed');
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
    await client.end(); // releases the lock
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
      if (attempt === 1) onProgress('waiting for the database to accept connections');
      await sleep(pollMs);
    }
  }
}

/** Waiting does not help with a refused password or a missing database; 57P03 is "starting up". */
function isRetryable(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || state === '57P03' || state.startsWith('08');
}
