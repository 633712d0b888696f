import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { expect, test } from 'vitest';
import { changeAdapter } from '../../src/auth/change-adapter.js';
import { createDatabase, tablesOf } from '../../src/db/client.js';
import { createTestDatabase } from '../support/test-database.js';

const byId = { model: 'user', where: [{ field: 'id', value: 'nobody' }] };

test('each layer of changes calls the one below it, outside and inside of a transaction', async () => {
  const server = await createTestDatabase();
  const database = createDatabase({ url: server.url, maxConnections: 1, onIdleError: () => {} });
  const { orm } = database;
  const calls: string[] = [];
  const layer = (create: ReturnType<typeof drizzleAdapter>, name: string) =>
    changeAdapter(create, ({ count }, begin) => ({
      count: (query) => {
        calls.push(`${name} ${begin === undefined ? 'in a transaction' : 'outside'}`);
        return count(query);
      },
    }));
  const stored = drizzleAdapter(orm, { provider: 'pg', schema: tablesOf(orm), transaction: true });
  const adapter = layer(layer(stored, 'lower'), 'upper')({});
  try {
    expect(await adapter.count(byId)).toBe(0);
    expect(await adapter.transaction((inner) => inner.count(byId))).toBe(0);
  } finally {
    await database.close();
    await server.drop();
  }
  expect(calls).toEqual([
    'upper outside',
    'lower outside',
    'upper in a transaction',
    'lower in a transaction',
  ]);
});
