/** `npm run user` on the database of a running service. */
import { mkdtemp, rm } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { minimumPasswordCost } from '../../src/auth/password.js';
import { readOptions } from '../../src/operator/options.js';
import { UsageError } from '../../src/operator/usage-error.js';
import { createDevHome } from '../support/dev-process.js';
import {
  MailVisitor,
  sitePage,
  startMailingService,
  type MailingService,
} from '../support/mailed-link.js';
import { enrol, verifyTotp } from '../support/second-factor.js';
import { builtFrom } from '../support/spawned.js';
import { createTestDatabase } from '../support/test-database.js';
import {
  testEnvironment,
  testIpHeader,
  testSecret,
  type TestService,
} from '../support/test-service.js';
import { useVisitor } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

const timeout = 120_000;
let service: TestService;
let visitor: Visitor;

useVisitor((started) => ({ service, visitor } = started), { passwordCost: minimumPasswordCost });

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The log line on standard error. */
  readonly line: Record<string, unknown> | undefined;
}

async function user(
  args: readonly string[],
  { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [builtFrom('operator/user.ts'), ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, DATABASE_URL: service.database.url, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  const json = /^\{.*\}$/m.exec(stderr)?.[0];
  const line = json === undefined ? undefined : (JSON.parse(json) as Record<string, unknown>);
  return { code, stdout, stderr, line };
}

const idOf = async () => {
  const [row] = await service.database.query<{ id: string }>(
    'select id from "user" where email = $1',
    [visitor.email],
  );
  return row?.id;
};

/** Password hashes and session tokens, which must not appear in any output. */
async function secretsOf(): Promise<string[]> {
  const rows = await service.database.query<{ password: string; token: string }>(
    'select a.password, s.token from account a join session s using (user_id)',
  );
  return rows.flatMap(({ password, token }) => [password, token]);
}

describe('find', { timeout }, () => {
  test('shows the user and the sessions; the case of the e-mail address does not matter', async () => {
    const { code, stdout, stderr, line } = await user(['find', visitor.email.toUpperCase()]);
    expect(code).toBe(0);
    for (const part of [
      await idOf(),
      visitor.email,
      'A Visitor',
      'password (argon2id)',
      '1 live',
    ]) {
      expect(stdout).toContain(part);
    }
    expect(stdout).toContain(visitor.ip);
    for (const secret of await secretsOf()) expect(stdout + stderr).not.toContain(secret);
    expect(line).toMatchObject({ action: 'find', outcome: 'found', userId: await idOf() });
    expect(stderr).not.toContain(visitor.email);
  });

  test('--json prints the user as JSON, without expired sessions', async () => {
    await service.database.query(
      `update session set expires_at = now() - interval '1 day'
      where user_id = $1`,
      [await idOf()],
    );
    const { stdout } = await user(['find', visitor.email, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      id: await idOf(),
      email: visitor.email,
      emailVerified: false,
      deleteAfter: null,
      roles: [],
      signInMethods: ['password'],
      hasOlderHash: false,
      sessions: [],
    });
  });

  test('reports an outdated password hash', async () => {
    await service.database.query(`update account set password = 'aa:bb' where user_id = $1`, [
      await idOf(),
    ]);
    expect((await user(['find', visitor.email])).stdout).toContain('outdated hash');
  });

  test('escapes control characters in the name and the user agent', async () => {
    const evil = '\u001b[2J\u202eeve\u009b31m';
    await service.database.query('update "user" set name = $1 where email = $2', [
      evil,
      visitor.email,
    ]);
    await service.database.query('update session set user_agent = $1', [evil]);
    for (const option of [[], ['--json']]) {
      const { stdout } = await user(['find', visitor.email, ...option]);
      expect(stdout).toContain('eve');
      expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
      if (option.length > 0) expect(JSON.parse(stdout)).toMatchObject({ name: evil });
    }
  });
});

describe('set-password', { timeout }, () => {
  const next = 'an entirely new passphrase';

  test('replaces the password, ends all sessions, and prints how many', async () => {
    const arrived = await user(['set-password', visitor.email, '--password-stdin'], {
      input: `${next}\n`,
    });
    expect(arrived).toMatchObject({
      code: 0,
      stdout: 'the password is set; 1 live session(s) ended\n',
    });
    expect(arrived.line).toMatchObject({
      action: 'set-password',
      outcome: 'done',
      sessionsEnded: 1,
    });
    expect(arrived.stderr).not.toContain(next);
    expect((await visitor.ask('/session')).status).toBe(401);
    expect((await visitor.signIn()).status).toBe(401);
    Object.assign(visitor, { password: next });
    expect((await visitor.signIn()).status).toBe(200);
    const [row] = await service.database.query<{ password: string }>(
      'select password from account where user_id = $1',
      [await idOf()],
    );
    expect(row?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('sets a password for a user without one', async () => {
    await service.database.query('delete from account where user_id = $1', [await idOf()]);
    await user(['set-password', visitor.email, '--password-stdin'], { input: next });
    Object.assign(visitor, { password: next });
    expect((await visitor.signIn()).status).toBe(200);
  });

  test.each([
    ['too short', '1234567', '8 to 128 characters, this one has 7'],
    ['too long', 'x'.repeat(129), '8 to 128 characters, this one has 129'],
    ['common', 'password1', 'too common'],
    ['two lines', 'first line\nsecond line', 'a single line'],
    ['empty', '', '8 to 128'],
    ['the name of the user', 'A Visitor 2026', 'the name of the user'],
  ])('refuses a password that is %s, and changes nothing', async (_name, input, message) => {
    const refused = await user(['set-password', visitor.email, '--password-stdin'], { input });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(message);
    expect((await visitor.ask('/session')).status).toBe(200);
  });

  test('without a terminal the error names the option to use', async () => {
    const refused = await user(['set-password', visitor.email]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('--password-stdin');
  });

  test('changes the password and ends the sessions atomically', async () => {
    await service.database.query(`create function refuse() returns trigger language plpgsql
      as 'begin raise exception ''no''; end'`);
    await service.database.query(
      'create trigger refuse before delete on session for each row execute function refuse()',
    );
    const failed = await user(['set-password', visitor.email, '--password-stdin'], { input: next });
    await service.database.query('drop trigger refuse on session');
    await service.database.query('drop function refuse');
    expect(failed.code).toBe(1);
    expect(failed.line).toMatchObject({ outcome: 'failed' });
    expect((await visitor.ask('/session')).status).toBe(200);
    expect((await visitor.signIn()).status).toBe(200);
  });
});

describe('sign-out', { timeout }, () => {
  test('ends every session of this user and of no other user', async () => {
    const other = new Visitor(service);
    await other.signUp();
    const second = new Visitor(service);
    Object.assign(second, { email: visitor.email, password: visitor.password });
    expect((await second.signIn()).status).toBe(200);
    const { code, stdout } = await user(['sign-out', visitor.email]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'signed out; 2 live session(s) ended\n' });
    for (const one of [visitor, second]) expect((await one.ask('/session')).status).toBe(401);
    expect((await other.ask('/session')).status).toBe(200);
  });
});

describe('lock', { timeout }, () => {
  test('ends all sessions and refuses sign-ins until unlock; find shows it', async () => {
    const locked = await user(['lock', visitor.email]);
    expect(locked).toMatchObject({
      code: 0,
      stdout: 'locked: every sign-in is refused until unlock; 1 live session(s) ended\n',
      line: { action: 'lock', outcome: 'done', userId: await idOf(), sessionsEnded: 1 },
    });
    expect((await visitor.ask('/session')).json?.reason).toBe('user_locked');
    expect((await visitor.signIn()).json?.code).toBe('USER_LOCKED');
    const found = await user(['find', visitor.email]);
    expect(found.stdout).toMatch(/^locked {6}since .* UTC: every sign-in is refused$/m);
    const env = { BETTER_AUTH_SECRET: testSecret };
    const unlocked = await user(['unlock', visitor.email], { env });
    expect(unlocked.stdout).toMatch(/^the user may sign in again; /);
    expect(unlocked.line).toMatchObject({ action: 'unlock', outcome: 'done', wasLocked: true });
    expect((await visitor.signIn()).status).toBe(200);
    expect((await user(['find', visitor.email])).stdout).not.toContain('locked');
  });
});

describe('unlock', { timeout }, () => {
  const secret = () => ({ BETTER_AUTH_SECRET: testSecret });

  async function lock(): Promise<void> {
    for (let index = 0; index < 4; index += 1) {
      await new Visitor(service).ask('/api/auth/sign-in/email', {
        body: { email: visitor.email, password: 'a guess at it' },
        headers: { [testIpHeader]: '203.0.113.9' },
      });
    }
  }

  const signIn = () =>
    new Visitor(service).ask('/api/auth/sign-in/email', {
      body: { email: visitor.email, password: visitor.password },
      headers: { [testIpHeader]: '203.0.113.9' },
    });

  test('lifts the pauses and the total of the account, and only those', async () => {
    await lock();
    const stranger = { email: 'nobody@example.com', password: 'a guess at it' };
    await new Visitor(service).ask('/api/auth/sign-in/email', { body: stranger });
    expect((await signIn()).status).toBe(429);
    const { code, stdout, line } = await user(['unlock', visitor.email], { env: secret() });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '2 limit(s) lifted\n' });
    expect(line).toMatchObject({
      action: 'unlock',
      outcome: 'done',
      userId: await idOf(),
      limitsLifted: 2,
    });
    expect((await signIn()).status).toBe(200);
    const left = await service.database.query(
      "select key from rate_limit where key like 'pause|%'",
    );
    expect(left).toHaveLength(1);
  });

  test('with another secret it lifts nothing, and says so', async () => {
    await lock();
    const env = { BETTER_AUTH_SECRET: 'another-secret-of-at-least-32-characters' };
    const { code, stdout, line } = await user(['unlock', visitor.email, '--json'], { env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'done', limitsLifted: 0 });
    expect(line).toMatchObject({ limitsLifted: 0 });
  });

  test('without a secret it is refused', async () => {
    const { code, stdout, stderr, line } = await user(['unlock', visitor.email]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('BETTER_AUTH_SECRET is not set');
    expect(line).toMatchObject({ action: 'unlock', outcome: 'refused' });
  });
});

describe('second factors', { timeout }, () => {
  let mailing: MailingService;
  let owner: MailVisitor;
  const settings = () => ({
    ...testEnvironment,
    DATABASE_URL: mailing.database.url,
    SECOND_FACTOR: 'optional',
    SMTP_URL: mailing.mailServer.url,
    MAIL_FROM: 'Example <auth@example.com>',
    SITE_PAGES: sitePage,
  });
  beforeAll(async () => {
    mailing = await startMailingService({ SECOND_FACTOR: 'optional' });
  });
  afterAll(() => mailing.stop());
  beforeEach(async () => {
    owner = new MailVisitor(mailing);
    await owner.signUp();
    await enrol(mailing, owner);
  });

  test('find shows them', async () => {
    const { stdout } = await user(['find', owner.email], { env: settings() });
    expect(stdout).toContain('authenticator app, 10 backup code(s) left, 0 trusted device(s)');
    const other = await user(['find', visitor.email, '--json']);
    expect(JSON.parse(other.stdout)).toMatchObject({ secondFactors: [] });
  });

  test('remove-factor removes them, ends all sessions, and mails the owner', async () => {
    const removed = await user(['remove-factor', owner.email], { env: settings() });
    expect(removed).toMatchObject({
      code: 0,
      stdout: 'removed: authenticator app; the owner gets a mail; 1 live session(s) ended\n',
    });
    const { stdout } = await user(['find', owner.email, '--json'], { env: settings() });
    expect(JSON.parse(stdout)).toMatchObject({ secondFactors: [], sessions: [] });
    const subjects = (await mailing.mailsTo(owner.email, 2)).map(({ subject }) => subject);
    expect(subjects).toContain('The second factor of your account was removed');
    expect((await owner.ask('/session')).json?.reason).toBe('session_ended_by_operator');
    expect((await owner.signIn()).json).toMatchObject({ user: { twoFactorEnabled: false } });
  });

  test('remove-factor without the settings of the service says that the owner gets no mail', async () => {
    const env = { DATABASE_URL: mailing.database.url };
    const removed = await user(['remove-factor', owner.email], { env });
    expect(removed.stdout).toMatch(/^removed: .*gets no mail: .*BETTER_AUTH_SECRET/);
    expect(removed.line).toMatchObject({
      action: 'remove-factor',
      outcome: 'done',
      factorsRemoved: ['authenticator app'],
      isNotified: false,
    });
    const again = await user(['remove-factor', owner.email], { env });
    expect(again.stdout).toBe('there was no second factor to remove; 0 live session(s) ended\n');
  });

  test('unlock lifts the limit of wrong codes', async () => {
    for (let index = 0; index < 4; index += 1) await verifyTotp(owner, '000000');
    expect((await verifyTotp(owner, '000000')).status).toBe(429);
    const unlocked = await user(['unlock', owner.email], { env: settings() });
    // Of the browser before and after it was known, and of the browser's pause.
    expect(unlocked.stdout).toBe('3 limit(s) lifted\n');
    expect((await verifyTotp(owner, '000000')).status).toBe(400);
  });
});

describe('roles', { timeout }, () => {
  const roleOf = async () =>
    service.database.query('select role from "user" where email = $1', [visitor.email]);

  test('grant and revoke change the roles of the user, and say which are left', async () => {
    const granted = await user(['grant', visitor.email, 'editor']);
    expect(granted).toMatchObject({ code: 0, stdout: 'roles: editor\n' });
    expect(granted.line).toMatchObject({ action: 'grant', outcome: 'done', roles: ['editor'] });
    await user(['grant', visitor.email, 'admin']);
    expect((await user(['grant', visitor.email, 'admin'])).stdout).toBe('roles: admin, editor\n');
    expect(await roleOf()).toEqual([{ role: 'admin,editor' }]);
    expect((await user(['find', visitor.email])).stdout).toContain('admin, editor');
    expect((await user(['revoke', visitor.email, 'editor'])).stdout).toBe('roles: admin\n');
    expect(await roleOf()).toEqual([{ role: 'admin' }]);
  });

  test.each([
    ['revoke', 'admin'],
    ['lock', undefined],
    ['delete', '--yes'],
  ])('%s of the last admin is refused with what to do first', async (command, argument) => {
    await service.database.query('update "user" set role = null'); // those of other tests
    const other = new Visitor(service);
    await other.signUp();
    for (const { email } of [visitor, other]) await user(['grant', email, 'admin']);
    const run = ({ email }: Visitor) => user([command, email, ...(argument ? [argument] : [])]);
    expect((await run(other)).code).toBe(0);
    const refused = await run(visitor);
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      line: { action: command, outcome: 'refused', userId: await idOf() },
    });
    expect(refused.stderr).toContain('npm run user -- grant EMAIL admin');
    expect(await roleOf()).toEqual([{ role: 'admin' }]);
  });

  test.each([['grant'], ['revoke']])('%s without a role that is one word is refused', (command) => {
    for (const role of [[], ['Admin'], ['admin,owner'], [''], ['a b'], ['admin', 'owner']]) {
      expect(() => readOptions([command, 'a@b.c', ...role])).toThrow(UsageError);
    }
  });
});

describe('delete', { timeout }, () => {
  test('without a terminal and without --yes deletes nothing', async () => {
    const refused = await user(['delete', visitor.email], { input: 'y\n' });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--yes');
    expect(refused.line).toMatchObject({
      action: 'delete',
      outcome: 'refused',
      userId: await idOf(),
    });
    expect((await visitor.ask('/session')).status).toBe(200);
  });

  test('with --yes deletes the user, accounts and sessions', async () => {
    const id = await idOf();
    const deleted = await user(['delete', visitor.email, '--yes', '--json']);
    expect(deleted.code).toBe(0);
    expect(JSON.parse(deleted.stdout)).toEqual({
      action: 'delete',
      outcome: 'done',
      userId: id,
      sessionsEnded: 1,
    });
    for (const table of ['account', 'session']) {
      expect(
        await service.database.query(`select 1 from ${table} where user_id = $1`, [id]),
      ).toEqual([]);
    }
    expect(await idOf()).toBeUndefined();
  });
});

describe('every command', { timeout }, () => {
  test.each([['find'], ['sign-out'], ['delete', '--yes'], ['set-password', '--password-stdin']])(
    '%s reports that there is no such user, and exits with 1',
    async (command, ...options) => {
      const missing = await user([command, 'nobody@example.com', ...options], {
        input: 'x'.repeat(20),
      });
      expect(missing).toMatchObject({ code: 1, stdout: 'there is no user with this address\n' });
      expect(missing.line).toMatchObject({ action: command, outcome: 'not_found' });
      expect(missing.stderr).not.toContain('nobody@');
    },
  );

  const passwordAsArgument = ['set-password', 'a@b.c', 'hunter2 hunter2'];

  test.each([
    ['nothing', []],
    ['an unknown command', ['ban', 'a@b.c']],
    ['no address', ['find']],
    ['no e-mail', ['find', 'ada']],
    ['a password as an argument', passwordAsArgument],
    ['an unknown option', ['find', 'a@b.c', '--force']],
    ['an option of another command', ['find', 'a@b.c', '--yes']],
  ])('%s is a usage error', (_name, args) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).not.toThrow(/hunter2/);
  });

  test('a usage error exits with 2 and prints the usage, but no argument', async () => {
    const wrong = await user(passwordAsArgument);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('npm run user -- find EMAIL');
    expect(wrong.stderr).not.toContain('hunter2');
  });

  test('an unavailable database is reported with the same code as by the service', async () => {
    const env = { DATABASE_URL: 'postgresql://someone:hunter2@127.0.0.1:1/db' };
    const failed = await user(['find', visitor.email], { env });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('DATABASE_UNREACHABLE: DATABASE_URL');
    expect(failed.line).toMatchObject({ outcome: 'failed', code: 'DATABASE_UNREACHABLE' });
    expect(failed.stderr).not.toContain('hunter2');
    expect(failed.stderr).not.toContain(visitor.email);
  });

  test('a database that is not migrated is reported with the command to run', async () => {
    const empty = await createTestDatabase({ empty: true });
    const failed = await user(['find', 'a@b.c'], { env: { DATABASE_URL: empty.url } });
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('npm run db:migrate');
    await empty.drop();
  });
});

test(
  'uses the database of a running npm run dev, and reports if none is running',
  { timeout },
  async () => {
    const home = await createDevHome();
    await home.start();
    const ada = home.visitor();
    expect((await ada.signUp()).status).toBe(200);
    const env = { DATABASE_URL: '', DATA_DIR: home.folder };
    const found = await user(['find', ada.email], { env });
    expect(found).toMatchObject({ code: 0 });
    expect(found.stdout).toContain(ada.email);
    // With the secret that npm run dev keeps: the sign-up has counted nothing.
    expect(await user(['unlock', ada.email], { env })).toMatchObject({ code: 0 });
    await home.end();
    const gone = await user(['find', ada.email], { env });
    expect(gone.code).toBe(1);
    expect(gone.stderr).toContain('no `npm run dev` is running on');
    await home.remove();
    const folder = await mkdtemp(join(tmpdir(), 'auth-service-none-'));
    expect((await user(['find', ada.email], { env: { ...env, DATA_DIR: folder } })).code).toBe(1);
    await rm(folder, { recursive: true });
  },
);
