import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabase } from '../../src/db/client.js';
import { createSessionStore } from '../../src/db/session-store.js';
import { createFaultyNetwork } from '../support/faulty-network.js';
import { losePrepared, readPrepared } from '../support/prepared-statements.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { until } from '../support/until.js';
import { expectUnavailable } from '../support/unavailable.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
let token: string;

beforeEach(async () => {
  service = await startTestService();
  visitor = new Visitor(service);
  token = String((await visitor.signUp()).json?.token);
});
afterEach(() => service.stop());

/** Concurrent checks, so that every connection of the pool is used. */
async function expectSignedIn(times = 30): Promise<void> {
  const answers = await Promise.all(Array.from({ length: times }, () => visitor.ask('/session')));
  for (const answer of answers) {
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ user: { email: visitor.email } });
  }
}

const fallbacks = () =>
  service.logLines().filter(({ code }) => code === 'PREPARED_STATEMENT_NOT_KEPT');

const namesOf = async () => (await readPrepared(service.pool)).flat().map(({ name }) => name);

/** A store with its own connection that counts the statements it sends. */
function createLoneStore() {
  const seen = { queries: 0, refusals: [] as unknown[] };
  const database = createDatabase({
    url: service.database.url,
    onIdleError: () => undefined,
    maxConnections: 1,
  });
  database.pool.on('acquire', () => (seen.queries += 1));
  const findSession = createSessionStore(database.orm, {
    onFallback: (sqlState) => seen.refusals.push(sqlState),
  });
  return { database, findSession, seen };
}

test('concurrent session checks prepare one statement, and its name contains the hash of its text', async () => {
  await expectSignedIn();
  const connections = (await readPrepared(service.pool)).filter(({ length }) => length > 0);
  expect(connections).not.toEqual([]);
  for (const [prepared, ...others] of connections) {
    expect(others).toEqual([]);
    const statement = prepared?.statement ?? '';
    expect(statement).toMatch(/^select .+ from "session" left join "user" .+ = any\(\$1\)$/);
    const hash = createHash('sha256').update(statement).digest('hex').slice(0, 16);
    expect(prepared?.name).toBe(`session_check_${hash}`);
  }
  expect(fallbacks()).toEqual([]);
});

test('after each change of a column type the next check succeeds with a newly prepared statement', async () => {
  const { findSession, database, seen } = createLoneStore();
  const isFound = async () => (await findSession(token))?.user?.email === visitor.email;
  expect(await isFound()).toBe(true);
  for (const [type, remark] of [
    ['varchar(1000)', 'any($1) /* after 1 migrations */'],
    ['text', 'any($1) /* after 2 migrations */'],
  ] as const) {
    await service.database.query(`alter table session alter column user_agent type ${type}`);
    expect(await isFound()).toBe(true);
    expect(await isFound()).toBe(true);
    const prepared = (await readPrepared(database.pool)).flat();
    expect(prepared.map(({ statement }) => statement)).toEqual([expect.stringContaining(remark)]);
  }
  expect(seen.refusals).toEqual([]);
  await database.close();
});

test('if prepared statements are lost during concurrent checks, all succeed and one line is logged', async () => {
  await expectSignedIn();
  for (let round = 0; round < 5; round += 1) {
    await losePrepared(service.pool);
    await expectSignedIn();
  }
  expect(fallbacks()).toEqual([
    expect.objectContaining({
      level: 'info',
      variable: 'DATABASE_URL',
      sqlState: '26000',
      fix: 'optional: a direct URL, or a pooler that supports them, makes session checks faster',
    }),
  ]);
  expect(await namesOf()).toEqual([]);
});

test('a rejected prepared statement costs one additional query, later checks none', async () => {
  const { findSession, database, seen } = createLoneStore();
  await findSession(token);
  expect(seen.queries).toBe(1);
  await database.pool.query('deallocate all');
  expect((await findSession(token))?.user?.email).toBe(visitor.email);
  expect(seen.queries).toBe(4);
  await findSession(token);
  expect(seen.queries).toBe(5);
  expect(seen.refusals).toEqual(['26000']);
  await database.close();
});

test('concurrent checks share one query, and each gets the row of its own token', async () => {
  const others = Array.from({ length: 5 }, () => new Visitor(service));
  const tokens = new Map<string, string>([[token, visitor.email]]);
  for (const other of others) {
    tokens.set(String((await other.signUp()).json?.token), other.email);
  }
  const { findSession, database, seen } = createLoneStore();
  const asked = [...tokens.keys(), 'no such token', token, '{"a",\\}', ...tokens.keys()];
  const found = await Promise.all(asked.map((each) => findSession(each)));
  expect(found.map((row) => row?.user?.email)).toEqual(asked.map((each) => tokens.get(each)));
  expect(seen.queries).toBe(1);
  await database.close();
});

test('a check in a later event loop iteration sees changes made in between', async () => {
  const { findSession, database, seen } = createLoneStore();
  expect(await findSession(token)).toBeDefined();
  await visitor.signOut();
  expect(await findSession(token)).toBeUndefined();
  expect(seen.queries).toBe(2);
  await database.close();
});

test('another client’s prepared statement of the same name is rejected, never executed', async () => {
  await expectSignedIn(1);
  const [name] = await namesOf();
  const { findSession, database, seen } = createLoneStore();
  await database.pool.query(`prepare ${name} as select * from "user" where id <> $1`);
  const found = await findSession(token);
  expect(found?.user?.email).toBe(visitor.email);
  expect(await findSession('no such token')).toBeUndefined();
  expect(seen.refusals).toEqual(['42P05']);
  await database.close();
});

test('an unreachable or slow database, or a missing table, does not disable prepared statements', async () => {
  const network = await createFaultyNetwork(service.database.url);
  const behind = await startTestService({
    testDatabase: service.database,
    env: { DATABASE_URL: network.url },
    databaseTimeouts: { connectTimeoutMs: 2_000, queryTimeoutMs: 1_000 },
  });
  const caller = new Visitor(behind);
  for (const [key, value] of visitor.cookies) caller.cookies.set(key, value);
  const check = () => caller.ask('/session');
  const works = async () => (await check()).status === 200;
  expect(await works()).toBe(true);
  network.cutWhenSent('session_check_');
  expectUnavailable(await check());
  await network.heal();
  await until(works);
  network.freeze();
  expectUnavailable(await check());
  await network.heal();
  await until(works);
  await service.database.query('alter table session rename to session_gone');
  expectUnavailable(await check());
  await service.database.query('alter table session_gone rename to session');
  await until(works);
  expect(behind.logText()).not.toContain('PREPARED_STATEMENT_NOT_KEPT');
  expect((await readPrepared(behind.pool)).flat()).toHaveLength(1);
  await behind.stop();
  await network.close();
});
