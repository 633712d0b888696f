import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

async function signedUp(): Promise<Visitor> {
  const visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  return visitor;
}

const query = (text: string, visitor: Visitor) => service.database.query(text, [visitor.email]);
const ofVisitor = 'where user_id = (select id from "user" where email = $1)';

async function expectReason(visitor: Visitor, reason: string): Promise<void> {
  const cookie = visitor.cookieHeader;
  const answer = await visitor.ask('/session');
  expect(answer.status).toBe(401);
  expect(answer.headers.get('x-session-reason')).toBe(reason);
  expect(answer.json).toMatchObject({ code: 'NOT_SIGNED_IN', reason });
  expect(answer.setCookies).toEqual([]);
  const fromAuth = await visitor.ask('/api/auth/get-session', { headers: { cookie } });
  expect(fromAuth.status).toBe(200);
  expect(fromAuth.json).toBeNull();
  expect(fromAuth.headers.get('x-session-reason')).toBe(reason);
}

test('an expired session is reported as expired, and the log says how long ago', async () => {
  const visitor = await signedUp();
  await query(`update session set expires_at = now() - interval '1 hour' ${ofVisitor}`, visitor);
  await expectReason(visitor, 'session_idle');
  const line = await service.logLine((line) => line.reason === 'session_idle');
  expect(line.hint).toMatch(/^ended 360\d s ago by the database's clock/);
});

test('a session without a row is not found', async () => {
  const visitor = await signedUp();
  await query(`delete from session ${ofVisitor}`, visitor);
  await expectReason(visitor, 'session_not_found');
});

test('deleting a user ends its sessions', async () => {
  const visitor = await signedUp();
  await query('delete from "user" where email = $1', visitor);
  await expectReason(visitor, 'session_not_found');
});

test('a session without a user is reported as such if the foreign key is missing', async () => {
  const visitor = await signedUp();
  await service.database.query('alter table session drop constraint session_user_id_user_id_fk');
  await query('delete from "user" where email = $1', visitor);
  await expectReason(visitor, 'user_not_found');
});

test('/session writes nothing and sets no cookie, even if a refresh is due; get-session refreshes', async () => {
  const visitor = await signedUp();
  const readRow = () => query(`select * from session ${ofVisitor}`, visitor);
  const due = "expires_at = now() + interval '1 day', updated_at = now() - interval '6 days'";
  await query(`update session set ${due} ${ofVisitor}`, visitor);
  const before = await readRow();
  for (const method of ['GET', 'HEAD']) {
    const answer = await visitor.ask('/session', { method });
    expect(answer.status).toBe(200);
    expect(answer.setCookies).toEqual([]);
  }
  expect(await readRow()).toEqual(before);
  const refreshed = await visitor.getSession();
  expect(refreshed.setCookies.join()).toContain('better-auth.session_token=');
  expect(await readRow()).not.toEqual(before);
});

test('/session reads an expired session without deleting it', async () => {
  const visitor = await signedUp();
  await query(`update session set expires_at = now() - interval '1 s' ${ofVisitor}`, visitor);
  const before = await query(`select * from session ${ofVisitor}`, visitor);
  expect((await visitor.ask('/session')).status).toBe(401);
  expect(await query(`select * from session ${ofVisitor}`, visitor)).toEqual(before);
  expect(before).toHaveLength(1);
});
