/** Finding and looking at users: what is shown, what never is, and that each look is an event. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenFingerprint } from '../../../src/session/signed-token.js';
import { storedEvents } from '../../support/audit-events.js';
import { adminEnv, newOperator, OperatorBrowser } from '../../support/operators.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { enrol } from '../../support/second-factor.js';
import { Visitor } from '../../support/visitor.js';

let service: TestService;
let operator: OperatorBrowser;
beforeAll(async () => {
  service = await startTestService({ env: adminEnv });
  operator = await newOperator(service);
});
afterAll(() => service.stop());

interface Found {
  readonly id: string;
  readonly email: string;
}

async function find(query: string): Promise<{ users: Found[]; next: string | null }> {
  const { status, json } = await operator.admin(`/users?${query}`);
  expect(status).toBe(200);
  return json as unknown as { users: Found[]; next: string | null };
}

const fingerprintOf = ({ sessionCookie }: Visitor) =>
  tokenFingerprint(decodeURIComponent(sessionCookie).split('.')[0] ?? '');

async function insertUsers(emails: readonly string[]): Promise<void> {
  for (const email of emails) {
    await service.database.query(`insert into "user" (id, name, email) values ($1, $1, $1)`, [
      email,
    ]);
  }
}

describe('finding users', () => {
  test('by the beginning of the address, byte by byte, with pages', async () => {
    const emails = ['a-b@x.io', 'a-c@x.io', 'a_d@x.io', 'ab@x.io', 'añ@x.io', 'a%@x.io', "a'@x.io"];
    await insertUsers(emails);
    const found = async (prefix: string) =>
      (await find(`email=${encodeURIComponent(prefix)}`)).users.map(({ email }) => email);
    expect(await found('a-')).toEqual(['a-b@x.io', 'a-c@x.io']);
    expect(await found('A-B@X')).toEqual(['a-b@x.io']);
    expect(await found('a_')).toEqual(['a_d@x.io']);
    expect(await found('a%')).toEqual(['a%@x.io']);
    expect(await found("a'")).toEqual(["a'@x.io"]);
    expect(await found('añ')).toEqual(['añ@x.io']);
    expect(await found('nobody@')).toEqual([]);
    const all: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const after = next === '' ? '' : `&after=${encodeURIComponent(next)}`;
      const page = await find(`email=a&limit=2${after}`);
      expect(page.users.length).toBeLessThanOrEqual(2);
      all.push(...page.users.map(({ email }) => email));
      next = page.next;
    }
    expect(all).toEqual(expect.arrayContaining(emails));
    expect(new Set(all).size).toBe(all.length);
  });

  test('the search uses the index', async () => {
    // Too few rows for the planner to choose it otherwise.
    const [row] = await service.database.query<Record<string, unknown>>(
      `select count(*)::int as n from pg_index where indexrelid = 'user_email_prefix_idx'::regclass and indisvalid`,
    );
    expect(row?.n).toBe(1);
    const plan = await service.orm.transaction(async (tx) => {
      await tx.execute('set local enable_seqscan = off');
      await tx.execute('set local enable_sort = off');
      const { rows } = await tx.execute(
        `explain select 1 from "user" where email ~>=~ 'a' and email ~<~ 'b' order by email using ~<~ limit 9`,
      );
      return JSON.stringify(rows);
    });
    expect(plan).toContain('user_email_prefix_idx');
    expect(plan).not.toContain('Sort');
  });

  test('by id, and by the fingerprint of a session that has ended', async () => {
    const visitor = new OperatorBrowser(service);
    await visitor.signUp();
    const id = await visitor.userId();
    const session = fingerprintOf(visitor);
    await visitor.signOut();
    expect((await find(`id=${id}`)).users).toMatchObject([{ id, email: visitor.email }]);
    expect((await find(`session=${session}`)).users).toMatchObject([{ id }]);
    expect((await find('session=00000000')).users).toEqual([]);
  });

  test.each([
    'session=zzz',
    'limit=0',
    'limit=101',
    'limit=x',
    'name=a',
    'email=%00',
    `email=${'a'.repeat(255)}`,
    'email=a&email=b',
  ])('%s is an invalid field', async (query) => {
    const { status, json } = await operator.admin(`/users?${query}`);
    expect([status, json?.code]).toEqual([400, 'INVALID_FIELD']);
    expect(json?.field).toBe(query.split('=')[0]);
  });
});

describe('one user', () => {
  test('with sessions, factors, logins and limits, and without a secret', async () => {
    const visitor = new OperatorBrowser(service);
    await visitor.signUp();
    await enrol(service, visitor);
    const guesser = new Visitor(service);
    for (let times = 0; times < 4; times += 1) {
      await guesser.ask('/api/auth/sign-in/email', {
        body: { email: visitor.email, password: 'a wrong one' },
      });
    }
    const id = await visitor.userId();
    const { status, json, text } = await operator.admin(`/users/${id}`);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      user: { id, email: visitor.email, roles: [], twoFactorEnabled: true },
      sessions: [{ aal: 2, fingerprint: fingerprintOf(visitor), impersonatedBy: null }],
      secondFactors: [expect.stringContaining('authenticator app')],
      passkeys: [],
      logins: [{ provider: 'credential' }],
      mails: [],
    });
    expect(json?.limits).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'total', of: 'password' })]),
    );
    const token = decodeURIComponent(visitor.sessionCookie).split('.')[0] ?? '';
    const rows = await service.database.query<Record<string, string>>(
      'select a.password, s.secret from account a join totp_secret s using (user_id) where user_id = $1',
      [id],
    );
    for (const secret of [token, rows[0]?.password, rows[0]?.secret]) {
      expect(secret).toBeTruthy();
      expect(text).not.toContain(secret);
    }
  });

  test('their story has the newest event first', async () => {
    const visitor = new OperatorBrowser(service);
    await visitor.signUp();
    await visitor.signOut();
    await visitor.signIn('not the password');
    const { json } = await operator.admin(`/users/${await visitor.userId()}/story`);
    const events = json?.events as { kind: string; reason: string | null; sentence: string }[];
    expect(events.find(({ kind }) => kind === 'sign_in')).toMatchObject({
      reason: 'wrong_password',
      sentence: expect.stringContaining('password') as string,
    });
    expect(events.at(-1)?.kind).toBe('sign_up');
    expect(json).toMatchObject({ diagnosis: { fix: expect.any(String) as string } });
  });

  test('the story of an address without an account, of a session, and of a request', async () => {
    const visitor = new OperatorBrowser(service);
    const email = encodeURIComponent(visitor.email);
    const none = await operator.admin(`/explain?email=${email}`);
    expect(none.json).toMatchObject({ user: null, diagnosis: { code: 'no_account' } });
    const { headers } = await visitor.signUp();
    for (const query of [
      `email=${email.toUpperCase()}`,
      `session=${fingerprintOf(visitor)}`,
      `id=${headers.get('x-request-id') ?? ''}`,
    ]) {
      const { json } = await operator.admin(`/explain?${query}`);
      expect(json).toMatchObject({ user: { email: visitor.email } });
    }
    expect((await operator.admin('/explain')).json?.code).toBe('INVALID_FIELD');
  });

  test('each look is an event of the operator', async () => {
    const visitor = new OperatorBrowser(service);
    await visitor.signUp();
    const id = await visitor.userId();
    const { headers } = await operator.admin(`/users/${id}`);
    const events = (await storedEvents(service)).filter(({ kind }) => kind === 'user_view');
    const seen = events.find(({ user_id }) => user_id === id);
    expect(seen).toMatchObject({
      actor: 'operator',
      actor_id: await operator.userId(),
      request_id: headers.get('x-request-id'),
      details: { operatorSession: fingerprintOf(operator) },
    });
  });

  test.each(['/users/none', '/users/%00', `/users/${'x'.repeat(500)}`])('%s', async (path) => {
    const { status, json } = await operator.admin(path);
    expect([status, json?.code]).toEqual(
      path.includes('%00') ? [400, 'INVALID_REQUEST'] : [404, 'USER_NOT_FOUND'],
    );
  });
});

describe('events', () => {
  test('are listed by kind, outcome, reason and time', async () => {
    const visitor = new OperatorBrowser(service);
    await visitor.signUp();
    await visitor.signIn('not the password');
    const { json } = await operator.admin('/events?kind=sign_in&outcome=refused&limit=5');
    const events = json?.events as Record<string, unknown>[];
    expect(events.length).toBeGreaterThan(0);
    for (const event of events)
      expect(event).toMatchObject({ kind: 'sign_in', outcome: 'refused' });
    const before = String(events[0]?.at);
    const older = await operator.admin(`/events?before=${before}&hours=1`);
    for (const event of older.json?.events as { at: string }[]) {
      expect(event.at < before).toBe(true);
    }
  });

  test('are counted per hour', async () => {
    const { json } = await operator.admin('/counts?hours=1');
    expect(json).toMatchObject({ bucket: 'hour', isTruncated: false });
    const counts = json?.counts as { kind: string; count: number; start: string }[];
    const signUps = counts.filter(({ kind }) => kind === 'sign_up');
    expect(signUps[0]?.count).toBeGreaterThan(0);
    expect(signUps[0]?.start).toMatch(/:00:00\.000Z$/);
  });

  test('refused session checks have the fix of their reason', async () => {
    const cookie = 'better-auth.session_token=abc.def';
    await new Visitor(service).ask('/session', { headers: { cookie } });
    const { json } = await operator.admin('/failing-checks');
    const checks = json?.checks as { reason: string; fix: string; count: number }[];
    expect(checks.length).toBeGreaterThan(0);
    for (const check of checks) expect(check).toMatchObject({ fix: expect.any(String) as string });
  });

  test.each(['/events?kind=nothing', '/events?before=yesterday', '/counts?hours=99999'])(
    '%s is an invalid field',
    async (path) => {
      expect((await operator.admin(path)).json?.code).toBe('INVALID_FIELD');
    },
  );
});
