/** Tracks whether connections exist and how long each is in use, from the request for it until its release. */
import type pg from 'pg';
import type { Connect } from './connect-with-retry.js';

export interface TrackedConnect {
  readonly connect: Connect;
  /** Age in milliseconds of the oldest use that has not ended; 0 if there is none. */
  readonly oldestUseMs: () => number;
  /** Resolves immediately if a connection exists, otherwise once one is established. @throws as `connect` */
  readonly wake: () => Promise<void>;
}

export function trackConnectionUse(pool: pg.Pool, connect: Connect): TrackedConnect {
  const uses = new Set<{ since: number }>(); // in order of their start
  const usedBy = new WeakMap<pg.PoolClient, { since: number }>();
  pool.on('release', (_error, client) => {
    const use = usedBy.get(client);
    if (use !== undefined) uses.delete(use);
  });
  let established = 0;
  pool.on('connect', () => (established += 1));
  pool.on('remove', () => (established -= 1));
  const watched: TrackedConnect = {
    async connect() {
      const use = { since: performance.now() };
      uses.add(use);
      try {
        const client = await connect();
        usedBy.set(client, use);
        return client;
      } catch (error) {
        uses.delete(use);
        throw error;
      }
    },
    oldestUseMs() {
      const [oldest] = uses;
      return oldest === undefined ? 0 : performance.now() - oldest.since;
    },
    async wake() {
      if (established > 0) return;
      const client = await watched.connect();
      client.release();
    },
  };
  return watched;
}
