/** `npm run explain` on the database of a running service. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Story } from '../../../../src/features/explain.js';
import { formatStory } from '../../../../src/operator/format-story.js';
import { Browser } from '../../../support/explain.js';
import { createTestDatabase } from '../../../support/test-database.js';
import { builtFrom } from '../../../support/spawned.js';
import {
  startTestService,
  testEnvironment,
  type TestService,
} from '../../../support/test-service.js';

const timeout = 60_000;
let service: TestService;
let user: Browser;

beforeAll(async () => {
  service = await startTestService();
  user = new Browser(service);
  await user.signUp();
  await user.signOut();
  await user.signIn('not-the-password');
  await service.audit?.flush();
});
afterAll(() => service.stop());

async function explain(
  args: readonly string[],
  env: Record<string, string | undefined> = testEnvironment,
) {
  const child = spawn(process.execPath, [builtFrom('operator/explain.ts'), ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, DATABASE_URL: service.database.url, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

test('prints the story and ends with the diagnosis', { timeout }, async () => {
  const { code, stdout, stderr } = await explain(['--email', user.email.toUpperCase()]);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^in /)]);
  expect(stdout).toContain(user.email);
  expect(stdout).toContain('The user signed up (from Firefox (Linux)');
  expect(stdout.trimEnd().split('\n').slice(-3).join(' ')).toMatch(
    /The password was wrong.*\(wrong_password\).*→ the user resets the password/,
  );
  expect(stdout).not.toContain('\u001b');
  expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
});

test('--json prints user, events and diagnosis', { timeout }, async () => {
  const { code, stdout } = await explain(['--email', user.email, '--json', '--limit', '1']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    user: { id: expect.any(String) as string, email: user.email },
    events: [
      {
        at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        kind: 'sign_in',
        outcome: 'refused',
        reason: 'wrong_password',
        sentence: expect.stringContaining('the password was wrong') as string,
        fix: expect.stringContaining('set-password') as string,
      },
    ],
    diagnosis: {
      code: 'wrong_password',
      sentence: expect.any(String) as string,
      fix: expect.any(String) as string,
    },
    older: { count: 4, isAtLeast: false, limit: 5, days: null },
  });
  const whole = await explain(['--email', user.email, '--json', '--limit', '5']);
  expect((JSON.parse(whole.stdout) as Story).older).toBeNull();
});

test('an unknown address exits with 1, and says how often it was tried', { timeout }, async () => {
  const stranger = new Browser(service);
  await stranger.signIn();
  await service.audit?.flush();
  const { code, stdout } = await explain([stranger.email]);
  expect(code).toBe(1);
  expect(stdout).toContain('There is no account with this address; 1 attempts');
});

test(
  'without the secret and settings of the service it says what is left out',
  { timeout },
  async () => {
    const { code, stderr } = await explain(['--email', user.email], {});
    expect(code).toBe(0);
    expect(stderr).toContain('BETTER_AUTH_SECRET is missing or invalid here');
    expect(stderr).toContain('the settings of the service are incomplete here');
  },
);

test('says what the trail cannot have', { timeout }, async () => {
  await service.database.query(
    `update "user" set created_at = now() - interval '1 year' where email = $1`,
    [user.email],
  );
  const { code, stdout, stderr } = await explain(['--email', user.email, '--json'], {
    ...testEnvironment,
    AUDIT: 'off',
  });
  expect(stderr).toMatch(/AUDIT=off here: the newest event is from \d{4}-/);
  expect(stderr).toMatch(/the account is from .* the trail begins at .* \(AUDIT_DAYS\)/);
  expect(Object.keys(JSON.parse(stdout) as object)).toEqual([
    'user',
    'events',
    'diagnosis',
    'older',
  ]);
  expect(code).toBe(0);
  const [last] = await service.database.query<{ at: Date }>(
    `insert into audit_event (id, at, kind, outcome, user_id, actor, count, first_at, last_at)
     select 'imported', now(), 'import', 'success', id, 'operator', 2, now(), now() + interval '1 day'
     from "user" where email = $1 returning last_at as at`,
    [user.email],
  );
  const imported = await explain(['--email', user.email], { ...testEnvironment, AUDIT: 'off' });
  expect(imported.stderr).toContain(`is from ${last?.at.toISOString().slice(0, 16)}Z`);
  expect(imported.stderr).not.toContain('the account is from');
});

test('a database that is not migrated: names the command', { timeout }, async () => {
  const older = await createTestDatabase();
  try {
    await older.query('drop table audit_event');
    const { code, stderr } = await explain(['--email', user.email], {
      ...testEnvironment,
      DATABASE_URL: older.url,
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining('run npm run db:migrate')]);
  } finally {
    await older.drop();
  }
});

test.each([[[]], [['a b']], [['--email', 'nobody']], [['a', 'b']], [['--limit', '0', 'abc']]])(
  'with the arguments %j it exits with 2',
  { timeout },
  async (args) => {
    const { code, stderr } = await explain(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining('npm run explain')]);
  },
);

test('escapes what could change the terminal, and colours only a terminal', () => {
  const now = new Date('2026-01-31T12:00:00Z');
  const story = {
    user: { id: 'an-id', email: 'a@example.com' },
    events: [
      {
        at: new Date('2026-01-31T09:30:00Z'),
        kind: 'sign_in',
        outcome: 'refused',
        reason: 'wrong_password',
        sentence: 'From \u001b[2J a site.',
        fix: null,
      },
    ],
    diagnosis: { code: 'wrong_password', sentence: 'The password was wrong.', fix: 'reset it' },
    older: { count: 1, isAtLeast: false, limit: 2, days: null },
  } as const;
  expect(formatStory(story, now, { width: 80, isColored: false })).toBe(
    [
      'a@example.com (an-id)',
      '',
      '2026-01-31T09:30Z  2 h ago  From \\u{1b}[2J a site.',
      '1 older event is not shown: --limit 2',
      '',
      'The password was wrong. (wrong_password)',
      '→ reset it',
      '',
    ].join('\n'),
  );
  expect(formatStory(story, now, { width: 80, isColored: true })).toContain('\u001b[1m');
});
