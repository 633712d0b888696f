/** What no request can show reliably: what happens between finding a link and redeeming it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMailedLinks } from '../../src/auth/mailed-links.js';
import { createDatabase, type Database } from '../../src/db/client.js';
import { createDatabaseLimits } from '../../src/db/limit-store.js';
import { createLogger } from '../../src/log/logger.js';
import { createRequestScopes } from '../../src/request-scope.js';
import { readConfig } from '../../src/config/config.js';
import { testNow, validEnvironment } from '../support/configuration.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, onIdleError: () => undefined });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

function linksOf(rules?: Parameters<typeof createMailedLinks>[3]) {
  const config = readConfig(validEnvironment, testNow);
  const logger = createLogger('silent');
  const { orm } = database;
  const limits = createDatabaseLimits(orm);
  const dependencies = { config, orm, logger, scopes: createRequestScopes(), limits };
  return createMailedLinks('reset_password', 'auth_test_links_total', dependencies, rules);
}

test('a link that is replaced between finding and redeeming it is refused', async () => {
  const { orm } = database;
  const links = linksOf();
  const found = await links.find(await links.create(orm, { userId: 'u1' }));
  await links.create(orm, { userId: 'u1' });
  await expect(links.redeem(orm, found)).rejects.toMatchObject({ body: { code: 'LINK_REPLACED' } });
});

test('a link of a purpose whose links do not replace each other is redeemed', async () => {
  const { orm } = database;
  const links = linksOf({ replaces: 'none' });
  const found = await links.find(await links.create(orm, { userId: 'u2' }));
  await links.create(orm, { userId: 'u2' });
  await links.redeem(orm, found);
  await expect(links.redeem(orm, found)).rejects.toMatchObject({ body: { code: 'LINK_USED' } });
});
