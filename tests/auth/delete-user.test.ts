import { expect, test } from 'vitest';
import { signInAs, signInElsewhere } from '../support/other-browser.js';
import type { TestService } from '../support/test-service.js';
import { useVisitor } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
useVisitor((started) => ({ service, visitor } = started));

/** The number of the user's rows in each table; by id, because the user's row may be deleted. */
async function rowsOf(userId: string): Promise<unknown> {
  const [counts] = await service.database.query(
    `select (select count(*)::int from "user" where id = $1) as users,
            (select count(*)::int from session where user_id = $1) as sessions,
            (select count(*)::int from account where user_id = $1) as accounts`,
    [userId],
  );
  return counts;
}

async function idOf(person: Visitor): Promise<string> {
  const { json } = await person.ask('/session');
  return (json?.user as { id: string }).id;
}

test('deleting a user deletes all of its sessions and accounts, and no others', async () => {
  const phone = await signInElsewhere(service, visitor);
  const bystander = new Visitor(service);
  await bystander.signUp();
  const id = await idOf(visitor);
  const cookie = visitor.cookieHeader;
  expect(await rowsOf(id)).toEqual({ users: 1, sessions: 2, accounts: 1 });
  const deleted = await visitor.ask('/api/auth/delete-user', {
    body: { password: visitor.password },
  });
  expect(deleted.json).toEqual({ success: true, message: 'User deleted' });
  expect(visitor.cookieHeader).toBe('');
  expect(await rowsOf(id)).toEqual({ users: 0, sessions: 0, accounts: 0 });
  for (const headers of [{ cookie }, { cookie: phone.cookieHeader }]) {
    const answer = await new Visitor(service).ask('/session', { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('x-session-reason')).toBe('user_deleted');
  }
  expect((await signInAs(new Visitor(service), visitor)).status).toBe(401);
  expect((await bystander.ask('/session')).status).toBe(200);
});

test('a wrong password deletes no user', async () => {
  const answer = await visitor.ask('/api/auth/delete-user', { body: { password: 'not this' } });
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ code: 'INVALID_PASSWORD' });
  expect((await visitor.ask('/session')).status).toBe(200);
});

test('without a password, deletion requires a proof of the last ten minutes', async () => {
  const id = await idOf(visitor);
  const makeOlder = (by: string) =>
    service.database.query(
      `update session set proven_at = proven_at - $2::interval where user_id = $1`,
      [id, by],
    );
  await makeOlder('11 minutes');
  const tooOld = await visitor.ask('/api/auth/delete-user', { body: {} });
  expect(tooOld.status).toBe(403);
  expect(tooOld.json).toMatchObject({ code: 'SESSION_NOT_FRESH', methods: ['password'] });
  expect(await rowsOf(id)).toMatchObject({ users: 1 });
  await makeOlder('-2 minutes');
  expect((await visitor.ask('/api/auth/delete-user', { body: {} })).status).toBe(200);
  expect(await rowsOf(id)).toMatchObject({ users: 0 });
});

test('without a session no user is deleted', async () => {
  const answer = await new Visitor(service).ask('/api/auth/delete-user', {
    body: { password: visitor.password },
  });
  expect(answer.status).toBe(401);
  expect((await visitor.ask('/session')).status).toBe(200);
});

test.each([{ password: '' }, { password: '', token: 'x' }, { password: null }, { password: [] }])(
  'the password %j is wrong: no user is deleted',
  async (body) => {
    const answer = await visitor.ask('/api/auth/delete-user', { body });
    expect(answer.status).toBe(400);
    expect((await visitor.ask('/session')).status).toBe(200);
    if (body.password === '') expect(answer.json).toMatchObject({ code: 'INVALID_PASSWORD' });
    expect((await new Visitor(service).ask('/api/auth/delete-user', { body })).status).not.toBe(
      200,
    );
  },
);

test('an empty password without a session is reported as no session', async () => {
  const answer = await new Visitor(service).ask('/api/auth/delete-user', {
    body: { password: '' },
  });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('x-session-reason')).toBe('no_credential');
});

test.each(['change-password', 'verify-password'])(
  'an empty password is wrong at %s',
  async (to) => {
    const body = { currentPassword: '', password: '', newPassword: 'another long password' };
    const answer = await visitor.ask(`/api/auth/${to}`, { body });
    expect([answer.status, answer.json?.code]).toEqual([400, 'INVALID_PASSWORD']);
    expect((await signInAs(new Visitor(service), visitor)).status).toBe(200);
  },
);
