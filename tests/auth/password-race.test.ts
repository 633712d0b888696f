/** A verified password is effective only while it is current, for every interleaving of requests. */
import { hashPassword as hashWithScrypt } from 'better-auth/crypto';
import { expect, test } from 'vitest';
import { hashPassword, minimumPasswordCost } from '../../src/auth/password.js';
import { connectOnce, createDatabase, type Orm } from '../../src/db/client.js';
import { createUsers } from '../../src/operator/users.js';
import { signInAs, signInElsewhere } from '../support/other-browser.js';
import type { TestService } from '../support/test-service.js';
import { until } from '../support/until.js';
import { useVisitor } from '../support/use-service.js';
import { Visitor, type Answer } from '../support/visitor.js';

const newPassword = 'another long password';

let service: TestService;
let visitor: Visitor;
useVisitor((started) => ({ service, visitor } = started), { passwordCost: minimumPasswordCost });

const ofVisitor = 'user_id = (select id from "user" where email = $1)';

async function storeHash(hash: string): Promise<void> {
  await service.database.query(`update account set password = $2 where ${ofVisitor}`, [
    visitor.email,
    hash,
  ]);
}

async function storedHash(): Promise<string> {
  const text = `select password from account where ${ofVisitor}`;
  const [row] = await service.database.query<{ password: string }>(text, [visitor.email]);
  return row?.password ?? '';
}

/** The number of the user's sessions, including the one of the sign-up. */
async function countSessions(): Promise<number> {
  const text = `select 1 from session where ${ofVisitor}`;
  return (await service.database.query(text, [visitor.email])).length;
}

type Client = Awaited<ReturnType<typeof connectOnce>>;

/**
 * Pauses a request after it has verified the password and before it writes: a lock blocks writers of the table but not
 * readers. Runs `between` meanwhile, then lets the request continue.
 */
async function hold(
  table: 'session' | 'account' | '"user"',
  request: () => Promise<Answer>,
  between: (client: Client) => Promise<unknown>,
): Promise<Answer> {
  const client = await connectOnce(service.database.url);
  await client.query('begin');
  await client.query(`lock table ${table} in share mode`);
  const answer = request();
  await until(async () => {
    const waiting = await service.database.query(
      `select 1 from pg_locks where not granted and relation = '${table}'::regclass
       and database = (select oid from pg_database where datname = current_database())`,
    );
    return waiting.length > 0;
  });
  await between(client);
  await client.query('commit');
  await client.end();
  return answer;
}

/** In the transaction that holds the lock, because it changes the locked table. */
async function changeWithin(client: Client): Promise<void> {
  await client.query(`update account set password = $2 where ${ofVisitor}`, [
    visitor.email,
    await hashPassword(newPassword),
  ]);
}

test('a sign-in with the old password creates no session if the password changes meanwhile', async () => {
  const answer = await hold(
    'session',
    () => signInAs(new Visitor(service), visitor),
    async () => storeHash(await hashPassword(newPassword)),
  );
  expect([answer.status, answer.json?.code]).toEqual([401, 'INVALID_EMAIL_OR_PASSWORD']);
  expect(answer.setCookies).toEqual([]);
  expect(await countSessions()).toBe(1);
});

/** The lock for which a password change waits just before its commit. */
const commitLock = 4_711;

/** Two ways to change the visitor's password; each resolves to whether it did. */
const passwordChanges: Record<string, (orm: Orm) => Promise<boolean>> = {
  'an operator’s set-password': async (orm) => {
    const users = createUsers(orm, 30 * 86_400);
    const found = await users.find(visitor.email);
    return (await users.setPassword(found?.id ?? '', await hashPassword(newPassword))) === 1;
  },
  'change-password': async () => {
    const body = { currentPassword: visitor.password, newPassword };
    return (await visitor.ask('/api/auth/change-password', { body })).status === 200;
  },
};

test.each(Object.entries(passwordChanges))(
  'a sign-in with the old password while %s commits creates no session',
  async (_name, change) => {
    const query = (text: string) => service.database.query(text);
    await query(`create function wait_to_commit() returns trigger language plpgsql
      as 'begin perform pg_advisory_xact_lock(${commitLock}); return null; end'`);
    await query(`create constraint trigger wait_to_commit after update on account
      deferrable initially deferred for each row execute function wait_to_commit()`);
    const held = await connectOnce(service.database.url);
    const own = createDatabase({ url: service.database.url, onIdleError: () => undefined });
    try {
      await held.query(`select pg_advisory_lock(${commitLock})`);
      const changing = change(own.orm);
      const waiting = (lock: string) => async () =>
        (await query(`select 1 from pg_locks where not granted and ${lock}`)).length > 0;
      await until(waiting(`locktype = 'advisory' and objid = ${commitLock}`));
      let isAnswered = false;
      const thief = new Visitor(service);
      const signingIn = signInAs(thief, visitor).finally(() => (isAnswered = true));
      const isHeld = waiting(`locktype in ('transactionid', 'tuple')`);
      await until(async () => isAnswered || (await isHeld()));
      await held.query(`select pg_advisory_unlock(${commitLock})`);
      expect(await changing).toBe(true);
      const answer = await signingIn;
      expect([answer.status, answer.json?.code]).toEqual([401, 'INVALID_EMAIL_OR_PASSWORD']);
      expect((await thief.ask('/session')).status).toBe(401);
    } finally {
      await held.end();
      await own.close();
      await query('drop trigger wait_to_commit on account');
      await query('drop function wait_to_commit');
    }
  },
);

test('a sign-in with the old password while change-password runs waits for it, and is refused', async () => {
  const body = { currentPassword: visitor.password, newPassword };
  const thief = new Visitor(service);
  let signIn: Promise<Answer> | undefined;
  const answer = await hold(
    'account',
    () => visitor.ask('/api/auth/change-password', { body }),
    async () => {
      signIn = signInAs(thief, visitor);
      await until(async () => {
        const waiting = await service.database.query(
          `select 1 from pg_locks where not granted and locktype in ('transactionid', 'tuple')`,
        );
        return waiting.length > 0;
      });
    },
  );
  expect(answer.status).toBe(200);
  expect((await signIn)?.json?.code).toBe('INVALID_EMAIL_OR_PASSWORD');
  expect((await thief.ask('/session')).status).toBe(401);
  expect((await visitor.ask('/session')).status).toBe(200);
});

test('a sign-in succeeds if the hash of the same password is renewed meanwhile', async () => {
  await storeHash(await hashWithScrypt(visitor.password));
  const renewed = await hashPassword(visitor.password);
  const answer = await hold(
    'session',
    () => signInAs(new Visitor(service), visitor),
    () => storeHash(renewed),
  );
  expect(answer.status).toBe(200);
  expect(await storedHash()).toBe(renewed);
});

test('renewing a hash does not restore a changed password', async () => {
  await storeHash(await hashWithScrypt(visitor.password));
  const answer = await hold('account', () => signInAs(new Visitor(service), visitor), changeWithin);
  expect(answer.status).toBe(200); // signed in before the change
  expect((await signInAs(new Visitor(service), visitor, newPassword)).status).toBe(200);
  expect((await signInAs(new Visitor(service), visitor)).status).toBe(401);
});

test('of two concurrent changes that verified the same password the second has no effect', async () => {
  const body = { currentPassword: visitor.password, newPassword: 'the password of a thief' };
  const answer = await hold(
    'account',
    () => visitor.ask('/api/auth/change-password', { body }),
    changeWithin,
  );
  expect([answer.status, answer.json?.code]).toEqual([400, 'INVALID_PASSWORD']);
  expect((await signInAs(new Visitor(service), visitor, newPassword)).status).toBe(200);
});

test('a deletion with the old password deletes no user if the password changes meanwhile', async () => {
  const answer = await hold(
    '"user"',
    () => visitor.ask('/api/auth/delete-user', { body: { password: visitor.password } }),
    async () => storeHash(await hashPassword(newPassword)),
  );
  expect([answer.status, answer.json?.code]).toEqual([400, 'INVALID_PASSWORD']);
  expect((await signInAs(new Visitor(service), visitor, newPassword)).status).toBe(200);
});

test('a sign-in creates no session if the account is deleted meanwhile', async () => {
  const answer = await hold(
    'session',
    () => signInAs(new Visitor(service), visitor),
    () => service.database.query(`delete from account where ${ofVisitor}`, [visitor.email]),
  );
  expect([answer.status, answer.json?.code]).toEqual([401, 'INVALID_EMAIL_OR_PASSWORD']);
  expect(await countSessions()).toBe(1);
});

test('many sign-ins concurrent with a change leave no session of the old password', async () => {
  for (let round = 0; round < 10; round += 1) {
    const person = new Visitor(service);
    await person.signUp();
    const phone = await signInElsewhere(service, person);
    const thieves = Array.from({ length: 4 }, () => new Visitor(service));
    const body = { currentPassword: person.password, newPassword };
    const [changed, ...signedIn] = await Promise.all([
      person.ask('/api/auth/change-password', { body }),
      ...thieves.map((thief) => signInAs(thief, person)),
    ]);
    expect(changed.status).toBe(200);
    for (const { status } of signedIn) expect([200, 401]).toContain(status);
    const after = await Promise.all([phone, ...thieves].map((one) => one.ask('/session')));
    expect(after.map(({ status }) => status)).toEqual(after.map(() => 401));
    expect((await person.ask('/session')).status).toBe(200);
  }
});

test('many sign-ins concurrent with the deletion of the user leave no session and cause no 5xx', async () => {
  for (let round = 0; round < 6; round += 1) {
    const person = new Visitor(service);
    await person.signUp();
    const others = Array.from({ length: 4 }, () => new Visitor(service));
    const body = { password: person.password };
    const answers = await Promise.all([
      person.ask('/api/auth/delete-user', { body }),
      ...others.map((other) => signInAs(other, person)),
    ]);
    for (const { status } of answers) expect([200, 401]).toContain(status);
    const after = await Promise.all(others.map((one) => one.ask('/session')));
    expect(after.map(({ status }) => status)).toEqual(after.map(() => 401));
  }
});
