/** The audit trail: what is recorded, when, and what of a visitor is stored. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tokenFingerprint } from '../../../src/session/signed-token.js';
import { auditEvent, storedEvents } from '../../support/audit-events.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(async () => {
  await service.stop();
});

const firefox =
  'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0 user@example.com';

function fingerprintOf(visitor: Visitor): string {
  return tokenFingerprint(decodeURIComponent(visitor.sessionCookie).split('.')[0] ?? '');
}

async function userIdOf(visitor: Visitor): Promise<string> {
  const { json } = await visitor.ask('/session');
  return (json?.user as { id: string }).id;
}

test('a sign-up and its session are in the trail before the response arrives', async () => {
  const visitor = new Visitor(service);
  const { headers } = await visitor.signUp();
  const userId = await userIdOf(visitor);
  const events = await service.database.query(
    'select kind, outcome, session, request_id, actor, network, site from audit_event where user_id = $1 order by at, kind desc',
    [userId],
  );
  const common = {
    outcome: 'success',
    request_id: headers.get('x-request-id'),
    actor: 'user',
    network: expect.stringMatching(/^10\.\d+\.\d+\.0\/24$/) as string,
    site: 'http://localhost:3000',
  };
  expect(events).toEqual([
    { kind: 'sign_up', session: null, ...common },
    { kind: 'sign_in', session: fingerprintOf(visitor), ...common },
  ]);
});

test('a wrong password has its user and the reason that the response hides', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  const userId = await userIdOf(visitor);
  const { email } = visitor;
  const { headers, status } = await visitor.ask('/api/auth/sign-in/email', {
    body: { email, password: 'not-the-password' },
    headers: { 'user-agent': firefox },
  });
  expect(status).toBe(401);
  const event = await auditEvent(
    service,
    ({ request_id }) => request_id === headers.get('x-request-id'),
  );
  expect(event).toMatchObject({
    kind: 'sign_in',
    outcome: 'refused',
    reason: 'wrong_password',
    user_id: userId,
    device: 'Firefox (Linux)',
  });
});

test('an unknown address is stored as a keyed fingerprint only', async () => {
  const visitor = new Visitor(service);
  const { headers } = await visitor.signIn();
  const event = await auditEvent(
    service,
    ({ request_id }) => request_id === headers.get('x-request-id'),
  );
  expect(event).toMatchObject({ reason: 'unknown_account', user_id: null });
  expect(event.account).toMatch(/^[\w-]{8}$/);
  expect(JSON.stringify(await storedEvents(service))).not.toContain('@');
});

test('more than five equal refusals of an hour are counted in one event', async () => {
  const visitor = new Visitor(service);
  const ask = () =>
    visitor.ask('/api/auth/sign-in/email', { body: '{', origin: 'https://evil.example' });
  for (let times = 0; times < 8; times += 1) expect((await ask()).status).toBe(403);
  const folded = await auditEvent(
    service,
    ({ site, count }) => site === 'https://evil.example' && count === 3,
  );
  const events = (await storedEvents(service)).filter(
    ({ site }) => site === 'https://evil.example',
  );
  expect(events).toHaveLength(6);
  expect(folded.first_at).not.toBeNull();
  expect(folded).toMatchObject({ kind: 'sign_in', outcome: 'refused', reason: 'invalid_origin' });
});

test('a successful session check is no event, and a refused one is counted', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  const session = fingerprintOf(visitor);
  const before = (await storedEvents(service)).filter((event) => event.session === session);
  for (let times = 0; times < 3; times += 1) await visitor.ask('/session');
  const kept = new Map(visitor.cookies);
  await visitor.signOut();
  for (const [name, value] of kept) visitor.cookies.set(name, value);
  for (let times = 0; times < 3; times += 1) {
    expect((await visitor.ask('/session')).status).toBe(401);
  }
  const check = await auditEvent(
    service,
    (event) => event.session === session && event.count === 3,
  );
  expect(check).toMatchObject({ kind: 'session_check', outcome: 'refused' });
  const after = (await storedEvents(service)).filter((event) => event.session === session);
  expect(after.map(({ kind }) => kind).sort()).toEqual(
    [...before.map(({ kind }) => kind), 'session_check'].sort(),
  );
});

test('a cookie that another secret signed is attributed to its user, a made-up one to nobody', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  const userId = await userIdOf(visitor);
  const token = decodeURIComponent(visitor.sessionCookie).split('.')[0] ?? '';
  const signature = `${'A'.repeat(43)}=`;
  const cookieName = [...visitor.cookies.keys()].find((name) => name.endsWith('session_token'));
  const ask = (value: string) =>
    visitor.ask('/session', {
      headers: { cookie: `${cookieName}=${encodeURIComponent(`${value}.${signature}`)}` },
    });
  await ask(token);
  const event = await auditEvent(
    service,
    ({ reason, user_id }) => reason === 'bad_signature' && user_id === userId,
  );
  expect(event.session).toBe(fingerprintOf(visitor));
  await ask('B'.repeat(32));
  const unknown = await auditEvent(
    service,
    ({ reason, user_id }) => reason === 'bad_signature' && user_id === null,
  );
  expect(unknown.session).toBeNull();
});

test.each([
  ['network', /^10\.\d+\.\d+\.0\/24$/],
  ['full', /^10\.\d+\.\d+\.\d+$/],
  ['off', undefined],
])('AUDIT_ADDRESS=%s decides what is stored of the address', async (mode, expected) => {
  const other = await startTestService({ env: { AUDIT_ADDRESS: mode } });
  try {
    await new Visitor(other).signUp();
    const [event] = await storedEvents(other);
    if (expected === undefined) expect(event?.network).toBeNull();
    else expect(event?.network).toMatch(expected);
  } finally {
    await other.stop();
  }
});

test('AUDIT=off writes nothing', async () => {
  const other = await startTestService({ env: { AUDIT: 'off' } });
  try {
    await new Visitor(other).signUp();
    expect(other.audit).toBeUndefined();
    expect(await storedEvents(other)).toEqual([]);
  } finally {
    await other.stop();
  }
});
