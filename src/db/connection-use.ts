/** Since when connections are in use: from being asked for until they are given back. Changes nothing about them. */
import type pg from 'pg';
import type { Connect } from './patient-connect.js';

export interface WatchedConnect {
  readonly connect: Connect;
  /** For how long, in milliseconds, the oldest use lasts that has not ended; 0 where there is none. */
  readonly oldestUseMs: () => number;
}

export function watchConnectionUse(pool: pg.Pool, connect: Connect): WatchedConnect {
  const uses = new Set<{ since: number }>(); // in the order of their beginning
  const usedBy = new WeakMap<pg.PoolClient, { since: number }>();
  pool.on('release', (_error, client) => {
    const use = usedBy.get(client);
    if (use !== undefined) uses.delete(use);
  });
  return {
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
  };
}
