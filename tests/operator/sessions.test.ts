/** `npm run sessions -- end-all`: what a restored backup brings back to life, ends. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  linkIn,
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../support/mailed-link.js';
import { signInAs, signInElsewhere } from '../support/other-browser.js';
import { enrol, verifyTotp } from '../support/second-factor.js';
import { spawnSource } from '../support/spawned.js';

const timeout = 60_000;
let service: MailingService;
let visitor: MailVisitor;

beforeAll(async () => {
  service = await startMailingService({
    SECOND_FACTOR: 'optional',
    PASSWORD_RESET: 'on',
    CHANGE_EMAIL: 'on',
  });
}, timeout);
afterAll(() => service.stop());
beforeEach(async () => {
  visitor = new MailVisitor(service);
  expect((await visitor.signUp()).status).toBe(200);
});

async function sessions(...args: string[]) {
  const { database } = service;
  const command = spawnSource('operator/sessions.ts', { DATABASE_URL: database.url }, args);
  const code = await command.exit;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

async function endAll(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await sessions('end-all', '--yes', '--json', ...args);
  expect([code, stderr]).toEqual([0, expect.stringContaining('"outcome":"done"')]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** Keeps the rows of these tables, as a backup does. @returns a function that writes those that are missing */
async function backUp(...tables: readonly string[]): Promise<() => Promise<void>> {
  for (const table of tables) {
    await service.database.query(`drop table if exists backup_of_${table}`);
    await service.database.query(`create table backup_of_${table} as select * from ${table}`);
  }
  return async () => {
    for (const table of tables) {
      await service.database.query(`delete from ${table}`);
      await service.database.query(`insert into ${table} select * from backup_of_${table}`);
    }
  };
}

const isSignedIn = async (person: MailVisitor) => (await person.getSession()).json !== null;

describe('after a restore', { timeout }, () => {
  test('a session that was signed out is alive again, and ends; the user can sign in', async () => {
    const stolen = { headers: { cookie: visitor.cookieHeader } };
    const restore = await backUp('session');
    expect((await visitor.signOut()).status).toBe(200);
    const ask = () => new MailVisitor(service).ask('/session', stolen);
    expect((await ask()).status).toBe(401);
    await restore();
    expect((await ask()).status).toBe(200);

    const { ended } = await endAll();
    expect(ended).toMatchObject({ sessions: expect.any(Number) as number });
    const after = await ask();
    expect(after.status).toBe(401);
    // As recorded at the sign-out: this backup did not bring that table back.
    expect(after.json).toMatchObject({ reason: 'session_signed_out' });
    expect((await signInAs(new MailVisitor(service), visitor)).status).toBe(200);
  });

  test('a reset link that was used is alive again, and ends with its reason', async () => {
    const body = { email: visitor.email, redirectTo: 'http://localhost:3000/auth/confirm' };
    await visitor.ask('/api/auth/request-password-reset', { body });
    const token = linkIn((await service.mailsTo(visitor.email)).at(-1)).token;
    const restore = await backUp('mailed_link');
    const reset = (newPassword: string) =>
      new MailVisitor(service).ask('/api/auth/reset-password', { body: { token, newPassword } });
    expect((await reset('the owner chooses this one')).status).toBe(200);
    await restore();

    expect(await endAll()).toMatchObject({ ended: { links: expect.any(Number) as number } });
    const refused = await reset('a stranger chooses this one');
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({ code: 'LINK_REPLACED' });
    const owner = await signInAs(new MailVisitor(service), visitor, 'the owner chooses this one');
    expect(owner.status).toBe(200);
  });

  test('a trusted device is asked for the second factor again, which stays', async () => {
    const app = await enrol(service, visitor);
    const browser = new MailVisitor(service);
    await signInAs(browser, visitor);
    expect((await verifyTotp(browser, app.code(), { trustDevice: true })).status).toBe(200);
    await browser.signOut();
    expect((await signInAs(browser, visitor)).json).not.toHaveProperty('twoFactorRedirect');

    await endAll();
    expect((await signInAs(browser, visitor)).json).toMatchObject({ twoFactorRedirect: true });
  });

  test('--discard-mails deletes mails that wait; without it they stay', async () => {
    const pending = `insert into mail_outbox (id, template, state, attempts, next_attempt_at, created_at, expires_at)
      values (gen_random_uuid()::text, 'reset-password', 'pending', 0, now() + interval '1 hour', now(), now() + interval '1 hour')`;
    await service.database.query(pending);
    const count = `select count(*)::int as mails from mail_outbox where state = 'pending'`;
    await endAll();
    expect(await service.database.query(count)).toEqual([{ mails: 1 }]);
    expect(await endAll('--discard-mails')).toMatchObject({ mailsDiscarded: 1 });
    expect(await service.database.query(count)).toEqual([{ mails: 0 }]);
  });
});

describe('end-all', { timeout }, () => {
  test('--created-before keeps what is newer', async () => {
    const newer = await signInElsewhere(service, visitor);
    const older = `update session set created_at = '2020-01-01' where token = (
      select token from session join "user" u on u.id = user_id where email = $1 order by session.created_at limit 1)`;
    await service.database.query(older, [visitor.email]);
    const result = await endAll('--created-before', '2020-01-02T00:00:00+01:00');
    expect(result).toMatchObject({ ended: { sessions: 1 } });
    expect(await isSignedIn(visitor)).toBe(false);
    expect((await newer.getSession()).json).not.toBeNull();
  });

  test('waits for sessions that another transaction has locked', async () => {
    const client = await service.pool.connect();
    await client.query('begin');
    await client.query('select 1 from session for update');
    let hasEnded = false;
    const ending = endAll().then((result) => {
      hasEnded = true;
      return result;
    });
    // Until the command has tried.
    for (;;) {
      const [row] = await service.database.query<{ commands: number }>(
        `select count(*)::int as commands from pg_stat_activity
         where datname = current_database() and query like '%skip locked%' and pid <> pg_backend_pid()`,
      );
      if ((row?.commands ?? 0) > 0) break;
    }
    expect(hasEnded).toBe(false);
    await client.query('commit');
    client.release();
    await ending;
    expect(await service.database.query('select 1 from session')).toEqual([]);
  });

  test('ends more than fit in one statement', async () => {
    const many = `insert into session (id, token, user_id, expires_at, created_at, updated_at)
      select 'many-' || n, 'many-' || n, (select id from "user" where email = $1), now() + interval '1 day', now(), now()
      from generate_series(1, 2500) n`;
    await service.database.query(many, [visitor.email]);
    const { ended } = (await endAll()) as { ended: { sessions: number } };
    expect(ended.sessions).toBeGreaterThanOrEqual(2_501);
    expect(await service.database.query('select 1 from session')).toEqual([]);
  });

  test('asks for --yes without a terminal, and ends nothing', async () => {
    const { code, stderr, stdout } = await sessions('end-all');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('add --yes');
    expect(await isSignedIn(visitor)).toBe(true);
  });

  test.each([
    [[], 'the only command is end-all'],
    [['end-some'], 'the only command is end-all'],
    [['end-all', 'more'], 'the only command is end-all'],
    [['end-all', '--created-before', 'yesterday'], '--created-before must be a time'],
    [['end-all', '--created-before', '2026-01-31T12:00:00'], '--created-before must be a time'],
    [['end-all', '--created-before', '2026-13-31T12:00:00Z'], '--created-before is no time'],
  ])('%j is wrong usage', async (args, message) => {
    const { code, stderr } = await sessions(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
