/** Whether there are connections, and for how long they are in use: from being asked for until they are given back. */
import type pg from 'pg';
import type { Connect } from './connect-with-retry.js';

export interface TrackedConnect {
  readonly connect: Connect;
  /** For how long, in milliseconds, the oldest use lasts that has not ended; 0 where there is none. */
  readonly oldestUseMs: () => number;
  /** Settles at once where there is a connection; else when one is there. @throws as `connect` */
  readonly wake: () => Promise<void>;
}

export function trackConnectionUse(pool: pg.Pool, connect: Connect): TrackedConnect {
  const uses = new Set<{ since: number }>(); // in the order of their beginning
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
