/** A passkey completes a sign-in that waits for a second factor, and can be set up in one that requires it. */
import { beforeEach, expect, test } from 'vitest';
import type { ActiveFeature } from '../../../src/features/slots.js';
import { signInElsewhere } from '../../support/other-browser.js';
import { SoftwareAuthenticator } from '../../support/software-authenticator.js';
import type { TestService } from '../../support/test-service.js';
import { useVisitor } from '../../support/use-service.js';
import { Visitor } from '../../support/visitor.js';
import { enrol, enrolOptions, paths, signIn, signInOptions } from './ceremony.js';

/** Requires a second factor of everybody, except in browsers that the test trusts. */
const policy = { isTrusted: true };
const requiring: ActiveFeature = {
  name: 'a policy',
  loadInputRule: () => Promise.resolve(undefined),
  createRoutes: () => [],
  findStartupFaults: () => Promise.resolve([]),
  loadAuthPart: () =>
    Promise.resolve({
      secondFactorPolicy: {
        get isRequired() {
          return !policy.isTrusted;
        },
        isTrustedDevice: () => Promise.resolve(policy.isTrusted),
      },
    }),
};

let service: TestService;
let visitor: Visitor;
let authenticator: SoftwareAuthenticator;
useVisitor((started) => ({ service, visitor } = started), {
  env: { PASSKEYS: 'on', RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/10s' },
  extraFeatures: [requiring],
});
beforeEach(async () => {
  policy.isTrusted = true;
  authenticator = new SoftwareAuthenticator();
  const fresh = await signInElsewhere(service, visitor);
  visitor.cookies.clear();
  for (const [name, value] of fresh.cookies) visitor.cookies.set(name, value);
});

/** A browser in which the password was right and the second factor is due. */
async function startSignIn(): Promise<{ browser: Visitor; answer: Record<string, unknown> }> {
  policy.isTrusted = false;
  const browser = new Visitor(service);
  const { email, password } = visitor;
  const { json } = await browser.ask('/api/auth/sign-in/email', { body: { email, password } });
  return { browser, answer: json ?? {} };
}

const sessionsOf = () =>
  service.database.query(
    `select aal, second_factor_due from session s join "user" u on u.id = user_id
     where email = $1 order by s.created_at`,
    [visitor.email],
  );

test.each([
  ['an empty user handle, as in Safari', ''],
  ['no user handle', undefined],
  ['null as the user handle', null],
])('%s is accepted', async (_what, userHandle) => {
  await enrol(visitor, authenticator);
  const { browser } = await startSignIn();
  const response = authenticator.get(await signInOptions(browser));
  const answer = await browser.ask(paths.signIn, {
    body: { response: { ...response, response: { ...response.response, userHandle } } },
  });
  expect(answer.status, answer.text).toBe(200);
});

test('a passkey completes the sign-in: one session at level 2 with both proofs', async () => {
  await enrol(visitor, authenticator);
  const { browser, answer } = await startSignIn();
  expect(answer).toEqual({
    twoFactorRedirect: true,
    twoFactorMethods: ['passkey'],
    secondFactor: 'verify',
  });
  expect((await browser.ask('/session')).json?.reason).toBe('second_factor_required');
  expect((await signInOptions(browser)).allowCredentials).toHaveLength(1);
  const completed = await signIn(browser, authenticator);
  expect(completed.status, completed.text).toBe(200);
  expect(completed.json).toMatchObject({
    user: { email: visitor.email },
    session: { aal: 2, methods: [{ method: 'password' }, { method: 'passkey' }] },
  });
  expect((await browser.ask('/session')).json?.session).toMatchObject({ aal: 2 });
  expect(await sessionsOf()).not.toContainEqual(
    expect.objectContaining({ second_factor_due: 'verify' }),
  );
});

test('a wrong response leaves the sign-in waiting, and it can be completed afterwards', async () => {
  await enrol(visitor, authenticator);
  const { browser } = await startSignIn();
  const refused = await signIn(browser, authenticator, { userVerified: false });
  expect(refused.json?.reason).toBe('passkey_user_not_verified');
  expect((await browser.ask('/session')).json?.reason).toBe('second_factor_required');
  expect((await signIn(browser, authenticator)).status).toBe(200);
});

test('the passkey of another user signs that user in, and not the waiting one', async () => {
  await enrol(visitor, authenticator);
  const other = new Visitor(service);
  await other.signUp();
  const ofOther = new SoftwareAuthenticator();
  await enrol(other, ofOther);
  const { browser } = await startSignIn();
  // Options of a page that was open before the password was entered.
  const response = ofOther.get(await signInOptions(new Visitor(service)));
  const answer = await browser.ask(paths.signIn, { body: { response } });
  expect(answer.json).toMatchObject({ user: { email: other.email }, session: { aal: 2 } });
  expect((await browser.ask('/session')).json?.user).toMatchObject({ email: other.email });
});

test('where a factor must be set up, a passkey does it and completes the sign-in', async () => {
  const { browser, answer } = await startSignIn();
  expect(answer).toMatchObject({ twoFactorMethods: ['passkey'], secondFactor: 'enrol' });
  const added = await enrol(browser, authenticator);
  expect(added.status, added.text).toBe(200);
  expect(added.json).toMatchObject({
    credentialID: authenticator.credentials[0]?.id,
    user: { email: visitor.email },
    token: expect.any(String) as string,
  });
  expect((await browser.ask('/session')).json?.session).toMatchObject({
    aal: 2,
    methods: [{ method: 'password' }, { method: 'passkey' }],
  });
});

test('a sign-in that waits for a factor cannot add another one', async () => {
  await enrol(visitor, authenticator);
  const response = new SoftwareAuthenticator().create(await enrolOptions(visitor));
  const { browser } = await startSignIn();
  for (const answer of [
    await browser.ask(paths.enrolOptions),
    await browser.ask(paths.enrol, { body: { response } }),
    await browser.ask(paths.remove, { body: { id: 'x' } }),
    await browser.ask(paths.list),
  ]) {
    expect(answer.status).toBe(401);
    expect(answer.json?.reason).toBe('second_factor_required');
  }
});

test('a passkey is enough where a second factor is required', async () => {
  await enrol(visitor, authenticator);
  policy.isTrusted = false;
  const browser = new Visitor(service);
  expect((await signIn(browser, authenticator)).json).toMatchObject({ session: { aal: 2 } });
});

test('a step-up with a passkey raises the session, and takes only a passkey of its user', async () => {
  await enrol(visitor, authenticator);
  const browser = await signInElsewhere(service, visitor);
  expect((await browser.ask('/api/auth/step-up')).json).toMatchObject({
    methods: ['password', 'passkey'],
    aal: 1,
  });
  const other = new Visitor(service);
  await other.signUp();
  const ofOther = new SoftwareAuthenticator();
  await enrol(other, ofOther);
  const foreign = ofOther.get(await signInOptions(new Visitor(service)));
  const refused = await browser.ask('/api/auth/step-up', { body: { passkey: foreign } });
  expect(refused.json).toMatchObject({ reason: 'passkey_user_mismatch' });
  const passkey = authenticator.get(await signInOptions(browser));
  const raised = await browser.ask('/api/auth/step-up', { body: { passkey } });
  expect(raised.status, raised.text).toBe(200);
  expect(raised.json).toMatchObject({ session: { aal: 2 } });
  const again = await browser.ask('/api/auth/step-up', { body: { passkey } });
  expect(again.json).toMatchObject({ reason: 'challenge_used' });
});

test('a session at level 1 of a user with a passkey neither adds nor removes one', async () => {
  const id = (await enrol(visitor, authenticator)).json?.id;
  const browser = await signInElsewhere(service, visitor);
  for (const answer of [
    await browser.ask(paths.enrolOptions),
    await browser.ask(paths.remove, { body: { id } }),
  ]) {
    expect(answer.status).toBe(403);
    expect(answer.json).toMatchObject({ reason: 'aal2_required', methods: ['passkey'] });
  }
  expect((await visitor.ask(paths.list)).json).toHaveLength(1);
});
