import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { signInElsewhere } from '../support/other-browser.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let laptop: Visitor;
let phone: Visitor;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());
beforeEach(async () => {
  laptop = new Visitor(service);
  await laptop.signUp();
  phone = await signInElsewhere(service, laptop);
});

/** The raw token, which identifies a session in list-sessions and revoke-session. */
function tokenOf(visitor: Visitor): string {
  return visitor.sessionCookie.split('.')[0] ?? '';
}

async function statusOf(visitor: Visitor): Promise<number> {
  return (await visitor.ask('/session')).status;
}

test("list-sessions shows only the user's own sessions, with address and browser", async () => {
  const otherUser = new Visitor(service);
  await otherUser.signUp();
  const { status, json } = await laptop.ask('/api/auth/list-sessions');
  expect(status).toBe(200);
  const sessions = json as unknown as { token: string; ipAddress: string }[];
  expect(sessions.map(({ token }) => token).sort()).toEqual([laptop, phone].map(tokenOf).sort());
  expect(sessions.map(({ ipAddress }) => ipAddress).sort()).toEqual([laptop.ip, phone.ip].sort());
});

test('revoke-session ends only the given session, immediately', async () => {
  const revoked = await laptop.ask('/api/auth/revoke-session', { body: { token: tokenOf(phone) } });
  expect(revoked.json).toEqual({ status: true });
  expect(revoked.setCookies).toEqual([]);
  expect(await statusOf(phone)).toBe(401);
  expect((await phone.getSession()).text).toBe('null');
  expect(await statusOf(laptop)).toBe(200);
});

test("revoke-session does not end another user's session", async () => {
  const otherUser = new Visitor(service);
  await otherUser.signUp();
  await otherUser.ask('/api/auth/revoke-session', { body: { token: tokenOf(phone) } });
  expect(await statusOf(phone)).toBe(200);
});

test("revoke-other-sessions ends every session except the caller's", async () => {
  const tablet = await signInElsewhere(service, laptop);
  const otherUser = new Visitor(service);
  await otherUser.signUp();
  const revoked = await laptop.ask('/api/auth/revoke-other-sessions', { body: {} });
  expect(revoked.json).toEqual({ status: true });
  expect(await statusOf(phone)).toBe(401);
  expect(await statusOf(tablet)).toBe(401);
  expect(await statusOf(laptop)).toBe(200);
  expect(await statusOf(otherUser)).toBe(200);
});

test("revoke-sessions ends every session, including the caller's", async () => {
  const revoked = await laptop.ask('/api/auth/revoke-sessions', { body: {} });
  expect(revoked.json).toEqual({ status: true });
  expect(await statusOf(phone)).toBe(401);
  expect(await statusOf(laptop)).toBe(401);
});

test.each(['list-sessions', 'revoke-session', 'revoke-sessions', 'revoke-other-sessions'])(
  '%s without a session answers 401 and changes nothing',
  async (endpoint) => {
    const body = endpoint === 'list-sessions' ? undefined : { token: tokenOf(laptop) };
    const answer = await new Visitor(service).ask(`/api/auth/${endpoint}`, { body });
    expect(answer.status).toBe(401);
    expect(answer.json).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(await statusOf(laptop)).toBe(200);
  },
);
