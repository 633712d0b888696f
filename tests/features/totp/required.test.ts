/** SECOND_FACTOR=required: who has no second factor sets one up before the sign-in is complete. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { appFor, beginSignIn, verifyTotp } from '../../support/second-factor.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

let service: TestService;
let visitor: Visitor;
beforeAll(async () => {
  service = await startTestService({
    env: { SECOND_FACTOR: 'required', LIMIT_PAUSE: '50/1s/1s' },
  });
});
afterAll(() => service.stop());
beforeEach(() => {
  visitor = new Visitor(service);
});

async function begin(browser: Visitor) {
  const answer = await browser.ask('/api/auth/two-factor/enable', { body: {} });
  return appFor(answer, service, visitor.email);
}

test('a sign-up is followed by setting up an app, whose first code signs in at level 2', async () => {
  const answer = await visitor.signUp();
  expect([answer.status, answer.json]).toEqual([
    200,
    { twoFactorRedirect: true, twoFactorMethods: ['totp'], secondFactor: 'enrol' },
  ]);
  expect((await visitor.ask('/session')).json?.reason).toBe('second_factor_enrolment_required');
  const app = await begin(visitor);
  const completed = await verifyTotp(visitor, app.code());
  expect(completed.json).toMatchObject({ user: { email: visitor.email, twoFactorEnabled: true } });
  expect((await visitor.ask('/session')).json).toMatchObject({ session: { aal: 2 } });
  const next = await beginSignIn(new Visitor(service), visitor);
  expect(next.json?.secondFactor).toBe('verify');
});

test('without a code there is no session, however often the app is set up again', async () => {
  await visitor.signUp();
  const first = await begin(visitor);
  const second = await begin(visitor);
  expect((await visitor.ask('/session')).status).toBe(401);
  // Only the app that was set up last counts.
  const wrong = await verifyTotp(visitor, first.code());
  expect(wrong.status).toBe(400);
  expect((await verifyTotp(visitor, second.code())).status).toBe(200);
});

test('of two sign-ins that set an app up at once the later one has to prove the first app', async () => {
  await visitor.signUp();
  const other = new Visitor(service);
  expect((await beginSignIn(other, visitor)).json?.secondFactor).toBe('enrol');
  const app = await begin(visitor);
  expect((await verifyTotp(visitor, app.code())).status).toBe(200);
  const refused = await other.ask('/api/auth/two-factor/enable', { body: {} });
  expect([refused.status, refused.json?.reason]).toEqual([401, 'session_revoked']);
  expect((await beginSignIn(other, visitor)).json?.secondFactor).toBe('verify');
  await app.forgetLastCode();
  expect((await verifyTotp(other, app.code())).status).toBe(200);
});

test('who knows the password only cannot put an app of their own in the place of the owner’s', async () => {
  await visitor.signUp();
  const stranger = new Visitor(service);
  await beginSignIn(stranger, visitor);
  const strangersApp = await begin(stranger);
  const ownersApp = await begin(visitor);
  expect((await verifyTotp(visitor, ownersApp.code())).status).toBe(200);
  const answer = await verifyTotp(stranger, strangersApp.code());
  expect(answer.status).toBe(401);
  expect((await stranger.ask('/session')).status).toBe(401);
});

test('the second factor cannot be removed', async () => {
  await visitor.signUp();
  const app = await begin(visitor);
  await verifyTotp(visitor, app.code());
  const answer = await visitor.ask('/api/auth/two-factor/disable', {
    body: { password: visitor.password },
  });
  expect([answer.status, answer.json?.reason]).toEqual([403, 'second_factor_is_required']);
});

test('a session from before the setting lasts, and its user sets an app up at the next sign-in', async () => {
  const optional = await startTestService({ testDatabase: service.database });
  const early = new Visitor(optional);
  try {
    expect((await early.signUp()).json).toHaveProperty('user');
  } finally {
    await optional.stop();
  }
  const { email, password } = early;
  const later = new Visitor(service);
  for (const [name, value] of early.cookies) later.cookies.set(name, value);
  expect((await later.ask('/session')).status).toBe(200);
  const answer = await new Visitor(service).ask('/api/auth/sign-in/email', {
    body: { email, password },
  });
  expect(answer.json?.secondFactor).toBe('enrol');
});

test('setting one up ends the other sign-ins of the user that could do the same', async () => {
  await visitor.signUp();
  const stranger = new Visitor(service);
  expect((await beginSignIn(stranger, visitor)).json?.secondFactor).toBe('enrol');
  const app = await begin(visitor);
  expect((await verifyTotp(visitor, app.code())).status).toBe(200);
  expect((await stranger.ask('/session')).json?.reason).toBe('session_revoked');
});
