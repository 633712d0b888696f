/** Limits in PostgreSQL: the cases of every store. */
import { createDatabase } from '../../src/db/client.js';
import { createDatabaseLimits } from '../../src/db/limit-store.js';
import { testLimitStore } from '../support/limit-store-cases.js';
import { createTestDatabase } from '../support/test-database.js';

interface Row extends Record<string, unknown> {
  readonly key: string;
  readonly count: number;
  readonly last_request: string;
}

testLimitStore(async () => {
  const testDatabase = await createTestDatabase();
  const database = createDatabase({ url: testDatabase.url, onIdleError: () => undefined });
  return {
    store: createDatabaseLimits(database.orm),
    orm: database.orm,
    async counters() {
      const rows = await testDatabase.query<Row>(
        'select key, count, last_request from rate_limit order by key',
      );
      return rows.map(({ key, count, last_request: last }) => ({
        key,
        count,
        lastRequest: Number(last),
      }));
    },
    async write(key, count, aheadMs) {
      await testDatabase.query(
        `insert into rate_limit (id, key, count, last_request)
         values (gen_random_uuid()::text, $1, $2, (extract(epoch from now()) * 1000)::bigint + $3)`,
        [key, count, aheadMs],
      );
    },
    async age(milliseconds, prefix = '') {
      await testDatabase.query(
        'update rate_limit set last_request = last_request - $1 where key like $2',
        [milliseconds, `${prefix}%`],
      );
    },
    async clear() {
      await testDatabase.query('delete from rate_limit');
    },
    async close() {
      await database.close();
      await testDatabase.drop();
    },
  };
});
