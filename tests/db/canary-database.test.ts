import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { connectOnce } from '../../src/db/client.js';
import type { CanaryVisitor } from '../support/canary.js';
import { startCanaryServer, type CanaryServer } from '../support/canary-server.js';

let server: CanaryServer;
beforeAll(async () => {
  server = await startCanaryServer();
}, 60_000);
afterEach(() => server.heal());
afterAll(() => server.stop());

/** Calls every route that uses the database, signed in and as a new visitor. */
async function askEverything(visitor: CanaryVisitor): Promise<number[]> {
  const otherVisitor = server.newVisitor();
  const answers = [
    await visitor.ask('/session'),
    await visitor.getSession(),
    await visitor.ask('/api/auth/list-sessions'),
    await visitor.ask('/api/auth/update-user', { body: { name: visitor.email } }),
    await visitor.signIn(),
    await otherVisitor.signUp(),
  ];
  await otherVisitor.ask('/ready'); // may return a cached result of the last second
  await server.expectSilence(visitor, otherVisitor);
  return answers.map(({ status }) => status);
}

async function signedUp(): Promise<CanaryVisitor> {
  const visitor = server.newVisitor();
  expect((await visitor.signUp()).status).toBe(200);
  return visitor;
}

/** The error codes logged from here on. */
function watchCodes(): () => string[] {
  const from = server.logLines().length;
  const codes = (text: string) =>
    [...text.matchAll(/"code":"(\w+)"/g)].map(([, code = '']) => code);
  return () =>
    codes(
      server
        .logLines()
        .slice(from)
        .map((line) => JSON.stringify(line.err))
        .join(),
    );
}

test.each(['from "session"', 'from "user"', 'insert into "user"', 'update "user"', 'commit'])(
  'a connection lost while `%s` is in flight',
  async (statement) => {
    const visitor = await signedUp();
    server.network.cutWhenSent(statement === 'commit' ? 'COMMIT' : statement);
    expect(await askEverything(visitor)).toContain(503);
  },
);

test('a database that refuses connections', async () => {
  const visitor = await signedUp();
  const codes = watchCodes();
  await server.network.goDown();
  expect(await askEverything(visitor)).toEqual(Array(6).fill(503));
  expect(codes()).toContain('ECONNREFUSED');
});

test.each(['session', '"user"', 'account', 'rate_limit'])('a missing table %s', async (table) => {
  const visitor = await signedUp();
  const codes = watchCodes();
  await server.database.query(`alter table ${table} rename to gone`);
  expect(await askEverything(visitor)).toContain(503);
  await server.database.query(`alter table gone rename to ${table}`);
  expect(codes()).toContain('42P01');
});

test('a violated constraint, whose error message contains the whole row', async () => {
  const visitor = await signedUp();
  const codes = watchCodes();
  await server.database.query(
    'alter table "user" add constraint no_visitors check (false) not valid',
  );
  expect(await askEverything(visitor)).toContain(400);
  await server.database.query('alter table "user" drop constraint no_visitors');
  expect(codes()).toContain('23514');
});

test('concurrent sign-ups with the same address, of which the index rejects all but one', async () => {
  const first = server.newVisitor();
  const body = { name: 'Twin', email: first.email, password: first.password };
  const twins = Array.from({ length: 8 }, () => server.newVisitor());
  const ask = (twin: CanaryVisitor) => twin.ask('/api/auth/sign-up/email', { body });
  const statuses = (await Promise.all(twins.map(ask))).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  await server.expectSilence();
});

test('values that the database would reject are not sent to it', async () => {
  const visitor = await signedUp();
  const codes = watchCodes();
  const name = `${visitor.email}\0`;
  const refused = await visitor.ask('/api/auth/update-user', { body: { name } });
  expect(refused.status).toBe(400);
  const otherVisitor = server.newVisitor();
  // Longer than an index row can be.
  const email = `${randomBytes(4000).toString('hex')}-${visitor.email}`;
  const body = { name: 'Long', email, password: otherVisitor.password };
  expect((await otherVisitor.ask('/api/auth/sign-up/email', { body })).status).toBe(400);
  expect(codes()).toEqual([]);
  await server.expectSilence(visitor, otherVisitor);
});

test('a statement that the server cancels', async () => {
  const visitor = await signedUp();
  const codes = watchCodes();
  const role = `canary_${server.database.name}`;
  await server.database.query(`alter role ${role} set statement_timeout = 100`);
  server.network.cut(); // the setting only applies to new connections
  const holder = await connectOnce(server.database.url);
  await holder.query('begin; lock table session, "user", account');
  expect(await askEverything(visitor)).toContain(503);
  await holder.end();
  await server.database.query(`alter role ${role} reset statement_timeout`);
  server.network.cut();
  expect(codes()).toContain('57014');
});

test('a database password that is no longer valid', async () => {
  const visitor = await signedUp();
  const codes = watchCodes();
  await server.database.query(`alter role canary_${server.database.name} password 'another'`);
  server.network.cut();
  expect(await askEverything(visitor)).toEqual(Array(6).fill(503));
  expect(codes()).toContain('28P01');
});
