/** `npm run import` on the database of a running service: who can sign in afterwards, and what is left as it was. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash as hashWithBcrypt } from '@node-rs/bcrypt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signInAs } from '../support/other-browser.js';
import { spawnSource, type Spawned } from '../support/spawned.js';
import { testEnvironment, type TestService } from '../support/test-service.js';
import { useVisitor } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

const timeout = 120_000;
const password = 'a password from elsewhere';
let hash = '';
let folder = '';
let service: TestService;
let visitor: Visitor;
useVisitor((started) => ({ service, visitor } = started));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-'));
  hash = await hashWithBcrypt(password, 4);
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;

async function fileWith(lines: readonly (object | string)[]): Promise<string> {
  const file = join(folder, `users-${(files += 1)}.ndjson`);
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  await writeFile(file, text.join('\n'));
  return file;
}

function start(args: readonly string[], env: Record<string, string> = {}): Spawned {
  return spawnSource('operator/import.ts', { DATABASE_URL: service.database.url, ...env }, args);
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const command = start(args, env);
  const code = await command.exit;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

async function importLines(
  lines: readonly (object | string)[],
  args: readonly string[] = [],
  env: Record<string, string> = {},
) {
  const outcome = await run([await fileWith(lines), '--yes', '--json', ...args], env);
  const result = JSON.parse(outcome.stdout || '{}') as Record<string, unknown>;
  return { ...outcome, result };
}

const rowOf = async (email: string) =>
  (
    await service.database.query<Record<string, unknown>>(
      `select u.*, (select count(*)::int from account a where a.user_id = u.id) as accounts
       from "user" u where email = $1`,
      [email],
    )
  ).at(0);

const signIn = (email: string, typed = password) =>
  new Visitor(service).ask('/api/auth/sign-in/email', { body: { email, password: typed } });

describe('an imported user', { timeout }, () => {
  test('signs in with the old password, and has what the line says', async () => {
    const { code, result } = await importLines([
      {
        email: 'Ada@Example.com',
        emailVerified: true,
        name: 'Ada',
        image: 'https://example.com/ada.png',
        createdAt: '2020-01-02T03:04:05Z',
        passwordHash: hash,
        logins: [{ provider: 'google', subject: 1234567890 }],
      },
    ]);
    expect(code).toBe(0);
    expect(result).toMatchObject({ outcome: 'done', imported: 1, existed: 0, refusedLines: [] });
    expect(await rowOf('ada@example.com')).toMatchObject({
      name: 'Ada',
      email_verified: true,
      image: 'https://example.com/ada.png',
      created_at: new Date('2020-01-02T03:04:05Z'),
      accounts: 2,
    });
    expect((await signIn('ada@example.com', 'another password')).status).toBe(401);
    const answer = await signIn('ADA@example.com');
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ user: { email: 'ada@example.com', emailVerified: true } });
    const [google] = await service.database.query(
      `select account_id, password from account where provider_id = 'google'`,
    );
    expect(google).toEqual({ account_id: '1234567890', password: null });
  });

  test('is not verified unless the line says so, and has a new id', async () => {
    await importLines([{ id: 'old-1', email: 'plain@example.com', passwordHash: hash }]);
    const row = await rowOf('plain@example.com');
    expect(row).toMatchObject({ email_verified: false, name: '', image: null, accounts: 1 });
    expect(row?.id).toMatch(/^[0-9a-f]{32}$/);
  });

  test('--keep-ids keeps the id; one that another user has is refused', async () => {
    const id = '7e2f5f0e-0a2c-4c39-8f1a-1f7c2f1a9b3c';
    const { result } = await importLines(
      [
        { id, email: 'kept@example.com', passwordHash: hash },
        { id: 'spaces are not allowed', email: 'spaces@example.com' },
      ],
      ['--keep-ids'],
    );
    expect(result).toMatchObject({ imported: 1, refused: { id_invalid: 1 } });
    expect(await rowOf('kept@example.com')).toMatchObject({ id });
    expect((await signIn('kept@example.com')).json).toMatchObject({ user: { id } });
    const again = await importLines([{ id, email: 'thief@example.com' }], ['--keep-ids']);
    expect(again.result).toMatchObject({ imported: 0, refused: { id_taken: 1 } });
    expect(await rowOf('thief@example.com')).toBeUndefined();
  });

  test('without a password cannot sign in with one', async () => {
    await importLines([{ email: 'nopassword@example.com' }]);
    expect(await rowOf('nopassword@example.com')).toMatchObject({ accounts: 0 });
    expect((await signIn('nopassword@example.com')).status).toBe(401);
  });
});

describe('an existing user', { timeout }, () => {
  test('is skipped, whatever the case of the address, and nothing of theirs changes', async () => {
    const before = await rowOf(visitor.email);
    const { code, result } = await importLines([
      {
        email: visitor.email.toUpperCase(),
        passwordHash: hash,
        name: 'Somebody else',
        emailVerified: true,
        logins: [{ provider: 'github', subject: '99' }],
      },
    ]);
    expect(code).toBe(0);
    expect(result).toMatchObject({ imported: 0, existed: 1 });
    expect(await rowOf(visitor.email)).toEqual(before);
    expect((await signIn(visitor.email)).status).toBe(401);
    expect((await signInAs(new Visitor(service), visitor)).status).toBe(200);
  });

  test('keeps a login that an imported user has, too: that one is imported without it', async () => {
    const login = { provider: 'discord', subject: '42' };
    await importLines([{ email: 'first@example.com', logins: [login] }]);
    const { result } = await importLines([
      { email: 'second@example.com', logins: [login], passwordHash: hash },
    ]);
    expect(result).toMatchObject({ imported: 1, omitted: { login_taken: 1 } });
    expect(await rowOf('second@example.com')).toMatchObject({ accounts: 1 });
  });
});

describe('a line that is not imported', { timeout }, () => {
  test('is listed by number and reason, without an address or a hash; the others are imported', async () => {
    const secret = 'do-not-print';
    const lines = [
      { email: 'good@example.com', passwordHash: hash },
      '{ "email": "broken',
      '',
      '"a text"',
      { email: `${secret}@example.com`, passwordHash: `$9$${secret}` },
      { email: `${secret} example.com`, passwordHash: hash },
      { email: `${secret}2@example.com`, password_hash: hash },
      { name: secret },
      { email: 'GOOD@example.com', name: secret },
      { email: `${secret}3@example.com`, passwordHash: hash.replace('$04$', '$20$') },
      { email: `${secret}4@example.com`, profile: { team: secret } },
      { email: `${secret}5@example.com`, name: 'x'.repeat(1024 * 1024) },
      { email: 'last@example.com' },
    ];
    const { code, result, stdout, stderr } = await importLines(lines);
    expect(code).toBe(1);
    expect(result).toMatchObject({
      imported: 2,
      existed: 0,
      refusedLines: [
        { line: 2, reason: 'not_an_object' },
        { line: 4, reason: 'not_an_object' },
        { line: 5, reason: 'hash_unknown' },
        { line: 6, reason: 'email_invalid' },
        { line: 7, reason: 'not_a_user' },
        { line: 8, reason: 'email_missing' },
        { line: 9, reason: 'repeated' },
        { line: 10, reason: 'hash_too_costly' },
        { line: 11, reason: 'profile_unchecked' },
        { line: 12, reason: 'line_too_long' },
      ],
    });
    expect(stderr).toContain('line 5: hash_unknown: ');
    expect(stdout + stderr).not.toContain(secret);
    expect(stdout + stderr).not.toContain('example.com');
    expect(stdout + stderr).not.toContain(hash.slice(7));
  });

  test('--without-unknown-passwords imports the user without the password', async () => {
    const { code, result } = await importLines(
      [
        {
          email: 'md5@example.com',
          passwordHash: createHash('md5').update(password).digest('hex'),
        },
      ],
      ['--without-unknown-passwords'],
    );
    expect(code).toBe(0);
    expect(result).toMatchObject({ imported: 1, omitted: { password: 1 } });
    expect(await rowOf('md5@example.com')).toMatchObject({ accounts: 0 });
  });

  test('what is left out of a user is counted', async () => {
    const { result } = await importLines([
      {
        email: 'omitted@example.com',
        name: 'a\u202eb',
        image: 'http://example.com/a.png',
        createdAt: 'yesterday',
        logins: [{ provider: 'constructor', subject: '1' }],
      },
    ]);
    expect(result).toMatchObject({
      imported: 1,
      omitted: { name: 1, image: 1, created_at: 1, login_unknown: 1 },
    });
    expect(await rowOf('omitted@example.com')).toMatchObject({
      name: '',
      image: null,
      accounts: 0,
    });
  });

  test('a document instead of lines stops the import before it begins', async () => {
    for (const text of ['[{"email":"a@example.com"}]', '{"users": [', '{\n"users": []\n}']) {
      const outcome = await run([await fileWith([text]), '--yes']);
      expect(outcome.code).toBe(1);
      expect(outcome.stderr).toContain('jq -c');
    }
    expect((await run([join(folder, 'missing'), '--yes'])).stderr).toContain('ENOENT');
  });
});

describe('profile fields', { timeout }, () => {
  const env = {
    ...(testEnvironment as Record<string, string>),
    PROFILE_SCHEMA: JSON.stringify({
      type: 'object',
      properties: { team: { type: 'string', enum: ['red', 'blue'] } },
      required: ['team'],
    }),
  };

  test('are checked as at a sign-up, and stored', async () => {
    const { result } = await importLines(
      [
        { email: 'red@example.com', profile: { team: 'red', other: null } },
        { email: 'blue@example.com', profile: { team: 'blue' } },
        { email: 'green@example.com', profile: { team: 'green' } },
        { email: 'none@example.com' },
      ],
      [],
      env,
    );
    expect(result.refusedLines).toEqual([
      { line: 1, reason: 'profile_invalid' },
      { line: 3, reason: 'profile_invalid' },
      { line: 4, reason: 'profile_invalid' },
    ]);
    expect(await rowOf('blue@example.com')).toMatchObject({ profile: { team: 'blue' } });
  });
});

describe('the command', { timeout }, () => {
  const many = (count: number, prefix: string) =>
    Array.from({ length: count }, (_unused, index) => ({
      email: `${prefix}-${index}@example.com`,
      passwordHash: hash,
      logins: [{ provider: 'github', subject: `${prefix}-${index}` }],
    }));
  const countOf = async (prefix: string) => {
    const [row] = await service.database.query<{ users: number; accounts: number }>(
      `select count(distinct u.id)::int as users, count(a.id)::int as accounts
       from "user" u left join account a on a.user_id = u.id where email like $1`,
      [`${prefix}-%`],
    );
    return row;
  };

  test('--dry-run counts what an import would do, and writes nothing', async () => {
    const file = await fileWith([
      ...many(600, 'dry'),
      { email: visitor.email, passwordHash: hash },
      { email: 'dry-0@example.com' },
    ]);
    const { code, stdout, stderr } = await run([file, '--dry-run']);
    expect(code).toBe(1);
    expect(stdout).toContain('600  would be imported');
    expect(stdout).toContain('  1  skipped: a user with the address exists');
    expect(stderr).toContain('line 602: repeated');
    expect(await countOf('dry')).toEqual({ users: 0, accounts: 0 });
    const real = await run([file, '--yes', '--json']);
    expect(JSON.parse(real.stdout)).toMatchObject({ imported: 600, existed: 1 });
    expect(await countOf('dry')).toEqual({ users: 600, accounts: 1200 });
  });

  test('killed in the middle leaves whole users; a second run imports the rest', async () => {
    const total = 8_000;
    const file = await fileWith(many(total, 'killed'));
    const first = start([file, '--yes']);
    while (((await countOf('killed'))?.users ?? 0) === 0);
    first.signal('SIGKILL');
    expect(await first.exit).toBeNull();
    const { users = 0, accounts } = (await countOf('killed')) ?? {};
    expect(users).toBeLessThan(total);
    expect(accounts).toBe(2 * users);
    const second = await run([file, '--yes', '--json']);
    expect(second.code).toBe(0);
    const { imported, existed } = JSON.parse(second.stdout) as Record<string, number>;
    // The server may have committed one batch more since.
    expect(existed).toBeGreaterThanOrEqual(users);
    expect((existed ?? 0) % 500).toBe(0);
    expect(imported).toBe(total - (existed ?? 0));
    expect(await countOf('killed')).toEqual({ users: total, accounts: 2 * total });
    const events = await service.database.query(
      `select count(*)::int as events, count(distinct user_id)::int as users,
         min(actor) as actor, min(details ->> 'source') as source
       from audit_event where kind = 'import' and user_id in (
         select id from "user" where email like 'killed%')`,
    );
    expect(events).toEqual([{ events: total, users: total, actor: 'operator', source: 'generic' }]);
  });

  test('two at once import each user once', async () => {
    const lines = many(3_000, 'twice');
    const files = [await fileWith(lines), await fileWith(lines.toReversed())];
    const results = await Promise.all(files.map((file) => run([file, '--yes', '--json'])));
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    const counts = results.map(({ stdout }) => JSON.parse(stdout) as Record<string, number>);
    expect(counts.reduce((sum, { imported = 0 }) => sum + imported, 0)).toBe(3_000);
    expect(counts.reduce((sum, { existed = 0 }) => sum + existed, 0)).toBe(3_000);
    expect(await countOf('twice')).toEqual({ users: 3_000, accounts: 6_000 });
  });

  test('without a terminal it asks for --yes, after it has checked the file', async () => {
    const { code, stderr } = await run([await fileWith(many(1, 'asked'))]);
    expect(code).toBe(2);
    expect(stderr).toContain('1  would be imported');
    expect(stderr).toContain('add --yes');
    expect(await countOf('asked')).toEqual({ users: 0, accounts: 0 });
  });

  test.each([
    [[], 'give one file'],
    [['a', 'b'], 'give one file'],
    [['a', '--from', 'ldap'], '--from must be one of'],
    [['-'], 'standard input can be read only once'],
    [['a', '--login', 'google'], '--login is NAME=PROVIDER'],
    [['a', '--login', 'x=credential'], '--login is NAME=PROVIDER'],
    [['a', '--firebase-config', 'b'], '--firebase-config is for --from firebase'],
    [['a', '--unknown'], '--unknown'],
  ])('%j is wrong usage', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('an error of the database is reported without the values of the statement', async () => {
    await service.database.query(`create function refuse() returns trigger language plpgsql as
      $$ begin if new.email = 'broken-700@example.com' then raise exception 'refused: %', new.email; end if; return new; end $$`);
    await service.database.query(
      'create trigger refuse before insert on "user" for each row execute function refuse()',
    );
    const file = await fileWith(many(1_000, 'broken'));
    const { code, stdout, stderr } = await run([file, '--yes']);
    await service.database.query('drop trigger refuse on "user"');
    expect(code).toBe(1);
    expect(stderr).toContain('500 users were imported before this: run it again to continue');
    expect(stdout + stderr).not.toContain('example.com');
    expect(stdout + stderr).not.toContain(hash);
    expect(await countOf('broken')).toEqual({ users: 500, accounts: 1_000 });
    expect((await run([file, '--yes'])).code).toBe(0);
    expect(await countOf('broken')).toEqual({ users: 1_000, accounts: 2_000 });
  });

  test('names the setting if the database does not answer', async () => {
    const file = await fileWith(many(1, 'down'));
    const { code, stderr } = await run([file, '--yes'], {
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('DATABASE_URL');
    expect(stderr).toContain('0 users were imported before this: run it again to continue');
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

test(
  '--from firebase with the project of its console: the user signs in',
  { timeout },
  async () => {
    const config = join(folder, 'hash-config.txt');
    await writeFile(
      config,
      `hash_config {
  algorithm: SCRYPT,
  base64_signer_key: jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==,
  base64_salt_separator: Bw==,
  rounds: 8,
  mem_cost: 14,
}`,
    );
    const line = {
      localId: 'abc',
      email: 'firebase@example.com',
      passwordHash:
        'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
      salt: '42xEC+ixf3L2lw==',
    };
    const { code } = await importLines([line], ['--from', 'firebase', '--firebase-config', config]);
    expect(code).toBe(0);
    expect((await signIn('firebase@example.com', 'user2password')).status).toBe(401);
    expect((await signIn('firebase@example.com', 'user1password')).status).toBe(200);
    const [row] = await service.database.query(
      `select password from account join "user" u on u.id = user_id where email = $1`,
      ['firebase@example.com'],
    );
    expect(row).toMatchObject({ password: expect.stringMatching(/^\$argon2id\$/) as string });
  },
);
