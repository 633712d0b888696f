import { beforeEach, expect, test } from 'vitest';
import { signInAs, signInElsewhere } from '../support/other-browser.js';
import type { TestService } from '../support/test-service.js';
import { useVisitor } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
let phone: Visitor;
useVisitor((started) => ({ service, visitor } = started));
beforeEach(async () => {
  phone = await signInElsewhere(service, visitor);
});

const newPassword = 'a quite different one';

function changePassword(body: Record<string, unknown>) {
  return visitor.ask('/api/auth/change-password', { body });
}

test('a password change revokes all other sessions, keeps this browser signed in, and only the new password signs in', async () => {
  const before = visitor.cookieHeader;
  const changed = await changePassword({ currentPassword: visitor.password, newPassword });
  expect(changed.status).toBe(200);
  expect(changed.json).toMatchObject({ user: { email: visitor.email } });
  expect((await visitor.ask('/session')).status).toBe(200);
  const replaced = await new Visitor(service).ask('/session', { headers: { cookie: before } });
  expect(replaced.headers.get('x-session-reason')).toBe('session_ended_by_password_change');
  const elsewhere = await phone.ask('/session');
  expect(elsewhere.status).toBe(401);
  expect(elsewhere.headers.get('x-session-reason')).toBe('session_ended_by_password_change');
  const old = await signInAs(new Visitor(service), visitor);
  expect(old.status).toBe(401);
  expect(old.json).toMatchObject({ code: 'INVALID_EMAIL_OR_PASSWORD' });
  expect((await signInAs(new Visitor(service), visitor, newPassword)).status).toBe(200);
});

test('other sessions stay active only if the user requests it', async () => {
  const currentPassword = visitor.password;
  const body = { currentPassword, newPassword, revokeOtherSessions: false };
  expect((await changePassword(body)).status).toBe(200);
  expect((await phone.ask('/session')).status).toBe(200);
});

test.each([
  ['a wrong current password', { currentPassword: 'not the password' }, 'INVALID_PASSWORD'],
  ['no current password', {}, 'VALIDATION_ERROR'],
  ['a new password of 7 characters', { newPassword: '1234567' }, 'PASSWORD_TOO_SHORT'],
  ['a new password of 129 characters', { newPassword: 'x'.repeat(129) }, 'PASSWORD_TOO_LONG'],
])('%s changes nothing and ends no session', async (_what, fields, code) => {
  const isAboutNew = 'newPassword' in fields;
  const given = isAboutNew ? { currentPassword: visitor.password } : { newPassword };
  const answer = await changePassword({ ...given, ...fields });
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ code });
  expect(answer.setCookies).toEqual([]);
  expect((await visitor.ask('/session')).status).toBe(200);
  expect((await phone.ask('/session')).status).toBe(200);
  expect((await signInAs(new Visitor(service), visitor)).status).toBe(200);
});

test('without a session no password is changed', async () => {
  const anonymous = new Visitor(service);
  const body = { currentPassword: visitor.password, newPassword };
  expect((await anonymous.ask('/api/auth/change-password', { body })).status).toBe(401);
  expect((await signInAs(new Visitor(service), visitor)).status).toBe(200);
});

test('a reset by token rejects a common password, revokes every session and works once', async () => {
  const token = 'reset-token-0123456789';
  // The service sends no mail yet: the row replaces an e-mailed link.
  await service.database.query(
    `insert into verification (id, identifier, value, expires_at)
     select 'v-' || id, 'reset-password:' || $1, id, now() + interval '1 minute'
     from "user" where email = $2`,
    [token, visitor.email],
  );
  const reset = (chosen = newPassword) =>
    new Visitor(service).ask('/api/auth/reset-password', { body: { token, newPassword: chosen } });
  expect((await reset('password1')).json).toMatchObject({ code: 'PASSWORD_TOO_COMMON' });
  expect((await reset()).json).toEqual({ status: true });
  expect((await visitor.ask('/session')).status).toBe(401);
  expect((await phone.ask('/session')).status).toBe(401);
  expect((await reset()).json).toMatchObject({ code: 'INVALID_TOKEN' });
  expect((await signInAs(new Visitor(service), visitor, newPassword)).status).toBe(200);
});
