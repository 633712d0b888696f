/** With DELETE_GRACE_DAYS an account is locked first: a sign-in restores it, and after the days the sweep deletes it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../../../src/db/sweep.js';
import {
  linkIn,
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import { startTestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

const path = '/api/auth/delete-user';
const dayMs = 86_400_000;

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({ DELETE_GRACE_DAYS: '7', EMAIL_VERIFICATION: 'optional' });
});
afterAll(() => service.stop());

async function newUser(): Promise<Visitor> {
  const visitor = new MailVisitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  return visitor;
}

const askToDelete = (owner: Visitor) => owner.ask(path, { body: { password: owner.password } });

/** A user whose deletion is scheduled, with a cookie from before. */
async function scheduledUser(): Promise<{ owner: Visitor; cookie: string }> {
  const owner = await newUser();
  const cookie = owner.cookieHeader;
  expect((await askToDelete(owner)).status).toBe(200);
  return { owner, cookie };
}

async function deleteAfterOf({ email }: Visitor): Promise<Date | null | undefined> {
  const [row] = await service.database.query<{ delete_after: Date | null }>(
    'select delete_after from "user" where email = $1',
    [email],
  );
  return row?.delete_after;
}

const sweepAt = (now: Date) =>
  sweep(service.orm, {
    now,
    lifetime: { absoluteSeconds: 30 * 86_400 },
    withinMs: 10_000,
    retention: { audit_event: 90 },
  });

test('the account is locked, sessions end, and the response and a mail say until when it can be kept', async () => {
  const owner = await newUser();
  const cookie = owner.cookieHeader;
  const answer = await askToDelete(owner);
  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({
    success: true,
    message: 'Deletion scheduled',
    deleteAfter: expect.any(String) as string,
  });
  const deleteAfter = new Date(answer.json?.deleteAfter as string);
  expect(Math.abs(deleteAfter.getTime() - Date.now() - 7 * dayMs)).toBeLessThan(60_000);
  expect(await deleteAfterOf(owner)).toEqual(deleteAfter);
  expect(owner.cookies.size === 0 || !owner.cookieHeader.includes('session_token')).toBe(true);
  const old = await new MailVisitor(service).ask('/session', { headers: { cookie } });
  expect([old.status, old.headers.get('x-session-reason')]).toEqual([401, 'user_deleted']);
  await service.logLine((line) => line.outcome === 'deletion_scheduled');
  const [, mail] = await service.mailsTo(owner.email, 2); // the first one verifies the address
  expect(mail?.subject).toBe('Your account will be deleted');
  expect(mail?.text).toContain(deleteAfter.toISOString().slice(0, 10));
});

test('a sign-in with the password restores the account and says so', async () => {
  const { owner } = await scheduledUser();
  const answer = await owner.signIn();
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ restored: true, user: { email: owner.email } });
  expect(answer.json).not.toHaveProperty('user.deleteAfter');
  expect(await deleteAfterOf(owner)).toBeNull();
  expect((await owner.ask('/session')).status).toBe(200);
  await service.logLine((line) => line.msg === 'account restored: its deletion was scheduled');
  expect((await owner.signIn()).json).not.toHaveProperty('restored');
});

test('a wrong password restores nothing', async () => {
  const { owner } = await scheduledUser();
  expect((await owner.signIn('not this')).status).toBe(401);
  expect(await deleteAfterOf(owner)).toBeInstanceOf(Date);
});

test('a password reset restores the account', async () => {
  const { owner } = await scheduledUser();
  await new MailVisitor(service).ask('/api/auth/request-password-reset', {
    body: { email: owner.email },
  });
  const token = linkIn((await service.mailsTo(owner.email, 3)).at(-1)).token;
  const body = { token, newPassword: 'another-good-password-42' };
  const answer = await new MailVisitor(service).ask('/api/auth/reset-password', { body });
  expect(answer.json).toMatchObject({ restored: true });
  expect(await deleteAfterOf(owner)).toBeNull();
});

test('links that were mailed before end with the account’s lock', async () => {
  const owner = await newUser();
  const token = await service.tokenFor(owner.email);
  await askToDelete(owner);
  const answer = await owner.ask('/api/auth/verify-email', { body: { token } });
  expect(answer.json?.code).toBe('LINK_REPLACED');
});

test('by mail: the link says when the account is deleted, and locks it', async () => {
  const owner = await newUser();
  expect((await owner.ask(path, { body: {} })).json?.message).toBe('Verification email sent');
  const mail = (await service.mailsTo(owner.email, 2)).at(-1);
  expect(mail?.text).toContain('in 7 days');
  const answer = await new MailVisitor(service).ask('/api/auth/delete-user/verify', {
    body: { token: linkIn(mail).token },
  });
  expect(answer.json).toMatchObject({ success: true, message: 'Deletion scheduled' });
  expect((await owner.ask('/session')).status).toBe(401);
});

test('a wrong password schedules nothing', async () => {
  const owner = await newUser();
  const answer = await owner.ask(path, { body: { password: 'not this' } });
  expect(answer.json?.code).toBe('INVALID_PASSWORD');
  expect(await deleteAfterOf(owner)).toBeNull();
});

test('the sweep deletes the account after the days and not before; a restored one stays', async () => {
  const { owner } = await scheduledUser();
  const { owner: returned } = await scheduledUser();
  await returned.signIn();
  await sweepAt(new Date(Date.now() + 6 * dayMs));
  expect(await deleteAfterOf(owner)).toBeInstanceOf(Date);
  await service.database.query(
    `update "user" set delete_after = now() - interval '1 second' where email = $1`,
    [owner.email],
  );
  const swept = await Promise.all([sweepAt(new Date()), sweepAt(new Date())]);
  expect(swept.map(({ user }) => user).sort()).toEqual([0, 1]);
  expect(await deleteAfterOf(owner)).toBeUndefined();
  expect((await returned.ask('/session')).status).toBe(200);
  expect((await owner.signIn()).json?.code).toBe('INVALID_EMAIL_OR_PASSWORD');
});

test('no request can set or read when the account is deleted', async () => {
  const owner = await newUser();
  const deleteAfter = '2030-01-01T00:00:00Z';
  await owner.ask('/api/auth/update-user', { body: { name: 'B', deleteAfter } });
  expect(await deleteAfterOf(owner)).toBeNull();
  for (const read of [
    '/session',
    '/api/auth/get-session',
    '/api/auth/get-session?disableCookieCache=true',
  ])
    expect((await owner.ask(read)).text).not.toContain('deleteAfter');
});

test('without mail the days work too, and an old session is refused as not fresh', async () => {
  const plain = await startTestService({ env: { DELETE_GRACE_DAYS: '1' } });
  const owner = new Visitor(plain);
  await owner.signUp();
  expect((await owner.ask('/api/auth/features')).json).toEqual({
    features: { deleteAccount: { graceDays: 1, byMail: false } },
  });
  await plain.database.query(`update session set proven_at = proven_at - interval '11 minutes'`);
  const tooOld = await owner.ask(path, { body: {} });
  expect([tooOld.status, tooOld.json?.code]).toEqual([403, 'SESSION_NOT_FRESH']);
  await plain.database.query(`update session set proven_at = now()`);
  expect((await owner.ask(path, { body: {} })).json?.message).toBe('Deletion scheduled');
  const restored = await owner.signIn();
  expect(restored.json).toMatchObject({ restored: true });
  await plain.stop();
});

test('a sign-in restores the account while the feature is off too', async () => {
  const { owner } = await scheduledUser();
  const off = await startTestService({ testDatabase: service.database });
  const elsewhere = new Visitor(off);
  const answer = await elsewhere.ask('/api/auth/sign-in/email', {
    body: { email: owner.email, password: owner.password },
  });
  expect(answer.json).toMatchObject({ restored: true });
  expect(await deleteAfterOf(owner)).toBeNull();
  await off.stop();
});
