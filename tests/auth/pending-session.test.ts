/** A session that waits for a second factor signs in to nothing; the features that provide factors have their own tests. */
import { beforeEach, expect, test } from 'vitest';
import { signInElsewhere } from '../support/other-browser.js';
import type { TestService } from '../support/test-service.js';
import { useVisitor } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
useVisitor((started) => ({ service, visitor } = started));

async function makePending(due: 'verify' | 'enrol' = 'verify'): Promise<void> {
  await service.database.query(
    `update session set second_factor_due = $2 from "user" u where u.id = user_id and email = $1`,
    [visitor.email, due],
  );
}

beforeEach(() => makePending());

test.each([
  ['verify', 'second_factor_required'],
  ['enrol', 'second_factor_enrolment_required'],
] as const)('a sign-in that has to %s answers 401 with the reason %s', async (due, reason) => {
  await makePending(due);
  const answer = await visitor.ask('/session');
  expect(answer.status).toBe(401);
  expect(answer.json).toMatchObject({ code: 'NOT_SIGNED_IN', reason });
  expect(answer.headers.get('x-session-reason')).toBe(reason);
  expect(answer.text).not.toContain(visitor.email);
});

test('get-session answers null with the reason, and the browser keeps the cookie', async () => {
  for (const query of ['', '?disableCookieCache=true', '?disableRefresh=true']) {
    const answer = await visitor.ask(`/api/auth/get-session${query}`);
    expect(answer.status).toBe(200);
    expect(answer.json).toBeNull();
    expect(answer.headers.get('x-session-reason')).toBe('second_factor_required');
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
});

test('no endpoint accepts it: 401 with the reason, and nothing changes', async () => {
  const { password } = visitor;
  const calls: [string, object | undefined][] = [
    ['list-sessions', undefined],
    ['list-accounts', undefined],
    ['update-user', { name: 'Mallory' }],
    ['update-session', {}],
    ['change-password', { currentPassword: password, newPassword: `${password} 2` }],
    ['verify-password', { password }],
    ['revoke-sessions', {}],
    ['revoke-other-sessions', {}],
    ['delete-user', { password }],
  ];
  for (const [endpoint, body] of calls) {
    const answer = await visitor.ask(`/api/auth/${endpoint}`, body && { body });
    expect([endpoint, answer.status]).toEqual([endpoint, 401]);
    expect(answer.json?.reason).toBe('second_factor_required');
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
  const [row] = await service.database.query(
    `select name, (select count(*)::int from session where user_id = u.id) as sessions
     from "user" u where email = $1`,
    [visitor.email],
  );
  expect(row).toEqual({ name: 'A Visitor', sessions: 1 });
});

test('other devices of the user do not list it, and signing out everywhere ends it', async () => {
  const elsewhere = await signInElsewhere(service, visitor);
  const listed = await elsewhere.ask('/api/auth/list-sessions');
  expect(listed.json).toHaveLength(1);
  await elsewhere.ask('/api/auth/revoke-other-sessions', { body: {} });
  expect((await visitor.ask('/session')).json?.reason).toBe('session_revoked');
});

test('sign-out ends it and clears the cookie', async () => {
  const before = visitor.cookieHeader;
  expect((await visitor.ask('/api/auth/sign-out', { body: {} })).status).toBe(200);
  const answer = await new Visitor(service).ask('/session', { headers: { cookie: before } });
  expect(answer.json?.reason).toBe('session_signed_out');
});

test('after ten minutes the reason is that the second factor is late', async () => {
  await service.database.query(
    `update session set expires_at = now() - interval '1 second' from "user" u
     where u.id = user_id and email = $1`,
    [visitor.email],
  );
  const { json, headers } = await visitor.ask('/session');
  expect(json?.reason).toBe('session_expired');
  const requestId = headers.get('x-request-id');
  const { hint } = await service.logLine((line) => line.requestId === requestId);
  expect(hint).toContain('the second factor was not given in time');
});
