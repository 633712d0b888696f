/** Passkeys are added, used, listed, renamed and removed, over HTTP. What is refused has files of its own. */
import { beforeEach, expect, test } from 'vitest';
import { SoftwareAuthenticator } from '../../support/software-authenticator.js';
import type { TestService } from '../../support/test-service.js';
import { useVisitor } from '../../support/use-service.js';
import { Visitor } from '../../support/visitor.js';
import { enrol, enrolOptions, paths, signIn, signInOptions } from './ceremony.js';

let service: TestService;
let visitor: Visitor;
let authenticator: SoftwareAuthenticator;
useVisitor((started) => ({ service, visitor } = started), {
  env: { PASSKEYS: 'on', RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/10s' },
});
beforeEach(() => {
  authenticator = new SoftwareAuthenticator();
});

const rowsOf = (table: string) =>
  service.database.query<{ n: number }>(`select count(*)::int as n from ${table}`);

test('a passkey that was added signs in from a browser without cookies, at level 2', async () => {
  const added = await enrol(visitor, authenticator, {}, 'Laptop');
  expect(added.status, added.text).toBe(200);
  expect(added.json).toMatchObject({
    name: 'Laptop',
    credentialID: authenticator.credentials[0]?.id,
    deviceType: 'singleDevice',
    backedUp: false,
    transports: 'internal,hybrid',
    lastUsedAt: null,
    session: { aal: 2 },
  });
  expect(added.json).not.toHaveProperty('publicKey');

  const elsewhere = new Visitor(service);
  const answer = await signIn(elsewhere, authenticator);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.json).toMatchObject({
    token: expect.any(String) as string,
    user: { email: visitor.email },
    session: { aal: 2, methods: [{ method: 'passkey' }] },
  });
  expect(answer.text).not.toContain('secondFactorDue');
  const { json } = await elsewhere.ask('/session');
  expect(json).toMatchObject({
    user: { email: visitor.email },
    session: { aal: 2, methods: [{ method: 'passkey' }] },
  });
  const line = await service.logLine(
    ({ path, outcome }) => path === paths.signIn && outcome === 'signed_in',
  );
  expect(line.userId).toBe((json?.user as { id: string }).id);
});

test('adding a passkey raises the own session to level 2, under a new token', async () => {
  const before = visitor.sessionCookie;
  expect((await enrol(visitor, authenticator)).status).toBe(200);
  expect(visitor.sessionCookie).not.toBe(before);
  expect((await visitor.ask('/session')).json?.session).toMatchObject({
    aal: 2,
    methods: [{ method: 'password' }, { method: 'passkey' }],
  });
});

test('the options require user verification and a discoverable passkey, and name no user', async () => {
  const options = await enrolOptions(visitor);
  expect(options).toMatchObject({
    rp: { id: 'localhost', name: 'localhost' },
    user: { name: visitor.email, displayName: 'A Visitor' },
    attestation: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: [],
  });
  const requested = await signInOptions(new Visitor(service));
  expect(requested).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
  expect(requested.allowCredentials).toBeUndefined();
});

test('the handle is random, the same for every passkey of the user, and not the id', async () => {
  const [first, second] = [await enrolOptions(visitor), await enrolOptions(visitor)];
  expect(first.user.id).toBe(second.user.id);
  expect(Buffer.from(first.user.id, 'base64url')).toHaveLength(32);
  const other = new Visitor(service);
  await other.signUp();
  expect((await enrolOptions(other)).user.id).not.toBe(first.user.id);
  const { json } = await visitor.ask('/session');
  expect(first.user.id).not.toContain((json?.user as { id: string }).id);
});

test('the passkeys of the user are excluded when another one is added, and allowed for a second proof', async () => {
  await enrol(visitor, authenticator);
  const id = authenticator.credentials[0]?.id;
  expect((await enrolOptions(visitor)).excludeCredentials).toMatchObject([{ id }]);
  expect((await signInOptions(visitor)).allowCredentials).toMatchObject([{ id }]);
});

test('a self attestation (packed) is verified', async () => {
  const added = await enrol(visitor, authenticator, { attestation: 'packed' });
  expect(added.status, added.text).toBe(200);
});

test('a synchronized passkey, which does not count, signs in again and again', async () => {
  const synchronized = new SoftwareAuthenticator('http://localhost:3000', false);
  const added = await enrol(visitor, synchronized);
  expect(added.json).toMatchObject({ deviceType: 'multiDevice', backedUp: true });
  for (let n = 0; n < 3; n += 1) {
    expect((await signIn(new Visitor(service), synchronized)).status).toBe(200);
  }
});

test('asking for options to sign in writes nothing', async () => {
  const tables = ['passkey', 'passkey_user', 'passkey_challenge', 'verification', 'session'];
  const before = await Promise.all(tables.map(rowsOf));
  const stranger = new Visitor(service);
  for (let n = 0; n < 5; n += 1) await signInOptions(stranger);
  expect(stranger.cookies.size).toBe(0);
  expect(await Promise.all(tables.map(rowsOf))).toEqual(before);
});

test('ceremonies of one browser run at once: autofill, and a button', async () => {
  await enrol(visitor, authenticator);
  const browser = new Visitor(service);
  const autofill = await signInOptions(browser);
  const button = await signInOptions(browser);
  const responses = [authenticator.get(autofill), authenticator.get(button)];
  for (const response of responses) {
    expect((await browser.ask(paths.signIn, { body: { response } })).status).toBe(200);
  }
});

test('the list has no key, and shows the last use', async () => {
  await enrol(visitor, authenticator, {}, 'Phone');
  await signIn(new Visitor(service), authenticator);
  const listed = await visitor.ask(paths.list);
  expect(listed.status).toBe(200);
  expect(listed.json).toMatchObject([{ name: 'Phone', lastUsedAt: expect.any(String) as string }]);
  expect(listed.text).not.toMatch(/publicKey|counter/);
});

test('a passkey is renamed by its owner only', async () => {
  const id = (await enrol(visitor, authenticator)).json?.id;
  const renamed = await visitor.ask(paths.rename, { body: { id, name: ' Yubikey ' } });
  expect(renamed.json).toMatchObject({ passkey: { id, name: 'Yubikey' } });
  const other = new Visitor(service);
  await other.signUp();
  const refused = await other.ask(paths.rename, { body: { id, name: 'Mine' } });
  expect(refused.status).toBe(404);
  expect(refused.json).toMatchObject({ code: 'PASSKEY_NOT_FOUND', reason: 'passkey_not_found' });
});

test('a removed passkey signs in no more, and another user cannot remove one', async () => {
  const id = (await enrol(visitor, authenticator)).json?.id;
  const other = new Visitor(service);
  await other.signUp();
  expect((await other.ask(paths.remove, { body: { id } })).status).toBe(404);
  expect((await visitor.ask(paths.remove, { body: { id } })).json).toEqual({ status: true });
  expect((await signIn(new Visitor(service), authenticator)).json?.reason).toBe('passkey_unknown');
});

test('without a session passkeys are neither listed nor changed', async () => {
  const stranger = new Visitor(service);
  const calls: [string, object | undefined][] = [
    [paths.enrolOptions, undefined],
    [paths.enrol, { response: {} }],
    [paths.list, undefined],
    [paths.rename, { id: 'x', name: 'y' }],
    [paths.remove, { id: 'x' }],
  ];
  for (const [path, body] of calls) {
    const answer = await stranger.ask(path, body && { body });
    expect([path, answer.status]).toEqual([path, 401]);
    expect(answer.json?.reason).toBe('no_credential');
  }
});

test('the public list of features names them', async () => {
  const { json } = await visitor.ask('/api/auth/features');
  expect(json?.features).toMatchObject({ passkeys: true });
});
