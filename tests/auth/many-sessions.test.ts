import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { signInAs } from '../support/other-browser.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const aliveElsewhere = 120;
const expired = 130;

let service: TestService;
let visitor: Visitor;
let bystander: Visitor;
beforeAll(async () => {
  service = await startTestService({ env: { BEARER_TOKENS: 'on' } });
  bystander = new Visitor(service);
  await bystander.signUp();
});
afterAll(() => service.stop());
beforeEach(async () => {
  visitor = new Visitor(service);
  await visitor.signUp();
  // The expired ones first, so that a truncated list would show only them.
  await plant(expired, '-1 hour');
  await plant(aliveElsewhere, '1 hour');
});

async function plant(count: number, expiresIn: string): Promise<void> {
  await service.database.query(
    `insert into session (id, token, user_id, expires_at)
     select gen_random_uuid(), replace(gen_random_uuid()::text, '-', ''), u.id, now() + $3::interval
     from "user" u, generate_series(1, $2::int) where email = $1`,
    [visitor.email, count, expiresIn],
  );
}

async function tokensLeft(): Promise<string[]> {
  const rows = await service.database.query<{ token: string }>(
    'select token from session where user_id = (select id from "user" where email = $1)',
    [visitor.email],
  );
  return rows.map(({ token }) => token);
}

const ownToken = () => visitor.sessionCookie.split('.')[0] ?? '';

/** The number of DELETE statements on the table session, counted by a statement trigger. */
async function countDeletes(run: () => Promise<void>): Promise<number> {
  await service.database.query(`
    create table deletions (at timestamptz default now());
    create function count_delete() returns trigger language plpgsql as
      $$ begin insert into deletions default values; return null; end $$;
    create trigger counted after delete on session for each statement execute function count_delete();`);
  await run();
  const rows = await service.database.query('select * from deletions');
  await service.database.query(
    'drop trigger counted on session; drop function count_delete; drop table deletions',
  );
  return rows.length;
}

test('list-sessions is complete: all active sessions, and no expired ones', async () => {
  const { json } = await visitor.ask('/api/auth/list-sessions');
  const sessions = json as unknown as { token: string; expiresAt: string }[];
  expect(sessions).toHaveLength(aliveElsewhere + 1);
  expect(sessions.filter(({ expiresAt }) => new Date(expiresAt) < new Date())).toEqual([]);
  expect(sessions.map(({ token }) => token)).toContain(ownToken());
});

test('revoke-other-sessions keeps the caller’s session, in one statement', async () => {
  const deletes = await countDeletes(async () => {
    const answer = await visitor.ask('/api/auth/revoke-other-sessions', { body: {} });
    expect(answer.json).toEqual({ status: true });
  });
  expect(await tokensLeft()).toEqual([ownToken()]);
  expect(deletes).toBe(1);
  expect((await visitor.ask('/session')).status).toBe(200);
});

test('revoke-other-sessions with a bearer token does the same', async () => {
  const { headers } = await signInAs(new Visitor(service), visitor);
  const token = headers.get('set-auth-token') ?? '';
  const authorization = `Bearer ${token}`;
  const deletes = await countDeletes(async () => {
    const caller = new Visitor(service);
    const options = { body: {}, headers: { authorization } };
    expect((await caller.ask('/api/auth/revoke-other-sessions', options)).status).toBe(200);
  });
  expect(await tokensLeft()).toEqual([decodeURIComponent(token).split('.')[0]]);
  expect(deletes).toBe(1);
});

test('revoke-sessions revokes all', async () => {
  await visitor.ask('/api/auth/revoke-sessions', { body: {} });
  expect(await tokensLeft()).toEqual([]);
});

test('a password change keeps only the new session', async () => {
  const body = { currentPassword: visitor.password, newPassword: 'another long password' };
  expect((await visitor.ask('/api/auth/change-password', { body })).status).toBe(200);
  expect(await tokensLeft()).toEqual([ownToken()]);
});

test('a deleted user has no sessions left', async () => {
  const body = { password: visitor.password };
  expect((await visitor.ask('/api/auth/delete-user', { body })).status).toBe(200);
  expect(await tokensLeft()).toEqual([]);
});

test('revoke-other-sessions without a session revokes nothing', async () => {
  const answer = await new Visitor(service).ask('/api/auth/revoke-other-sessions', { body: {} });
  expect(answer.status).toBe(401);
  expect(await tokensLeft()).toHaveLength(aliveElsewhere + expired + 1);
});

test('another user stays signed in', async () => {
  expect((await bystander.ask('/session')).status).toBe(200);
});
