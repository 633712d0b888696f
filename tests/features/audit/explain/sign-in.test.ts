/** Stories of sign-ins: passwords, limits, locks, accounts that are gone. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { recordCommands, recordImports } from '../../../../src/operator/audit.js';
import { createWriteUsers } from '../../../../src/operator/import/write-users.js';
import { createUsers } from '../../../../src/operator/users.js';
import { Browser, explain, expectStory } from '../../../support/explain.js';
import { startMailingService, type MailingService } from '../../../support/mailed-link.js';
import { startTestService } from '../../../support/test-service.js';

let service: MailingService;
let user: Browser;

beforeAll(async () => {
  service = await startMailingService({
    LIMIT_NETWORK: '4/10m',
    RATE_LIMIT_SIGN_IN_PER_ACCOUNT: '6/1h',
  });
});
afterAll(() => service.stop());
beforeEach(async () => {
  user = new Browser(service);
  expect((await user.signUp()).status).toBe(200);
});

const of = ({ email }: { readonly email: string }) => ({ email });
const users = () => createUsers(service.orm, 30 * 86_400);
const idOf = async () => (await users().find(user.email))?.id ?? '';

/** Another browser in another network, which knows the address. */
function elsewhere(): Browser {
  return Object.assign(new Browser(service), { email: user.email, password: user.password });
}

async function signOut(): Promise<void> {
  await user.signOut();
  user.cookies.clear();
}

test('an address without an account', async () => {
  const stranger = new Browser(service);
  await stranger.signIn();
  const story = await expectStory(service, 'an address without an account', of(stranger));
  expect(story.user).toBeNull();
  expect(story.events).toMatchObject([{ kind: 'sign_in', reason: 'unknown_account' }]);
  expect(story.diagnosis.sentence).toContain('1 attempts');
});

test('a wrong password', async () => {
  await signOut();
  await user.signIn('not-the-password');
  const { diagnosis } = await expectStory(service, 'a wrong password', of(user));
  expect(diagnosis.sentence).toContain('the last sign-in was at');
});

test('the old password after a change', async () => {
  const changed = await user.ask('/api/auth/change-password', {
    body: { currentPassword: user.password, newPassword: 'a-new-password-0123' },
  });
  expect(changed.status).toBe(200);
  await signOut();
  await user.signIn();
  const { diagnosis } = await expectStory(service, 'the old password after a change', of(user));
  expect(diagnosis.sentence).toContain('it changed at');
});

test('wrong passwords of the user', async () => {
  await signOut();
  for (let times = 0; times < 4; times += 1) await user.signIn('not-the-password');
  expect((await user.signIn()).status).toBe(429);
  const { events } = await expectStory(service, 'wrong passwords of the user', of(user));
  expect(events[0]).toMatchObject({ kind: 'limit', outcome: 'refused' });
});

test('wrong passwords of somebody else', async () => {
  await signOut();
  for (let guessers = 0; guessers < 3; guessers += 1) {
    const guesser = elsewhere();
    for (let times = 0; times < 2; times += 1) await guesser.signIn('not-the-password');
  }
  expect((await elsewhere().signIn()).status).toBe(429);
  await expectStory(service, 'wrong passwords of somebody else', of(user));
});

test('a guesser elsewhere while the user is signed in', async () => {
  await user.signOut();
  await user.signIn();
  const guesser = elsewhere();
  for (let times = 0; times < 3; times += 1) await guesser.signIn('not-the-password');
  await expectStory(service, 'a guesser elsewhere while the user is signed in', of(user));
});

test('a network with too many sign-ins', async () => {
  await signOut();
  user.cookies.clear();
  const others = [1, 2, 3, 4].map(() => Object.assign(new Browser(service), { ip: user.ip }));
  for (const other of others) await other.signIn('not-the-password');
  const answer = await user.signIn();
  expect(answer.json).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  await expectStory(service, 'a network with too many sign-ins', of(user));
});

test('a locked account', async () => {
  await users().lock(await idOf());
  expect((await user.signIn()).json).toMatchObject({ code: 'USER_LOCKED' });
  const { diagnosis } = await expectStory(service, 'a locked account', of(user));
  expect(diagnosis.fix).toContain(`npm run user -- unlock`);
});

test('an account that was locked and unlocked', async () => {
  await signOut();
  const id = await idOf();
  const record = recordCommands(service.audit);
  const operated = createUsers(service.orm, 30 * 86_400, record);
  await operated.lock(id);
  await operated.unlock(id, () => Promise.resolve(0));
  const { events } = await explain(service, of(user));
  const sentences = events.map(({ sentence }) => sentence);
  expect(sentences).toContain('An operator let the user in again (by a command).');
  expect(sentences).toContain('An operator locked the account (by a command).');
  expect((await explain(service, of(user))).diagnosis.code).not.toBe('user_locked');
});

test('a user who was imported and has not signed in', async () => {
  const email = 'imported@example.com';
  await createWriteUsers(service.orm, recordImports(service.audit, 'auth0')).write([
    { email, emailVerified: true, name: '', logins: [], omitted: [] } as never,
  ]);
  const story = await expectStory(service, 'a user who was imported and has not signed in', {
    email,
  });
  expect(story.events).toMatchObject([
    { kind: 'import', sentence: 'An operator imported the user (from Auth0; by a command).' },
  ]);
});

test('an account that its user deleted', async () => {
  await user.signIn();
  const { password } = user;
  expect((await user.ask('/api/auth/delete-user', { body: { password } })).status).toBe(200);
  const story = await expectStory(service, 'an account that its user deleted', of(user));
  expect(story.user).toBeNull();
});

test('an account whose deletion is scheduled', async () => {
  const grace = await startMailingService(
    { DELETE_GRACE_DAYS: '7' },
    { testDatabase: service.database },
  );
  try {
    const leaving = new Browser(grace);
    await leaving.signUp();
    const { password } = leaving;
    const kept = new Map(leaving.cookies);
    expect((await leaving.ask('/api/auth/delete-user', { body: { password } })).status).toBe(200);
    for (const [name, value] of kept) leaving.cookies.set(name, value);
    await leaving.ask('/session');
    await expectStory(grace, 'an account whose deletion is scheduled', of(leaving));
    await leaving.signIn();
    await grace.audit?.flush();
    expect((await explain(grace, of(leaving))).diagnosis.code).toBe('signed_in');
  } finally {
    await grace.stop();
  }
});

test('a page whose origin is not trusted', async () => {
  await signOut();
  const { email, password } = user;
  const answer = await user.ask('/api/auth/sign-in/email', {
    body: { email, password },
    origin: 'http://localhost:3333',
  });
  expect(answer.status).toBe(403);
  const { diagnosis } = await expectStory(service, 'a page whose origin is not trusted', of(user));
  expect(diagnosis.sentence).toContain('http://localhost:3333');
});

test('a captcha that was not solved', async () => {
  const guarded = await startTestService({
    env: { CAPTCHA: 'altcha' },
    testDatabase: service.database,
  });
  try {
    await signOut();
    const visitor = Object.assign(new Browser(guarded), { email: user.email });
    for (let times = 0; times < 3; times += 1) await visitor.signIn('not-the-password');
    expect((await visitor.signIn(user.password)).json).toMatchObject({ code: 'CAPTCHA_REQUIRED' });
    await expectStory(guarded, 'a captcha that was not solved', of(user));
  } finally {
    await guarded.stop();
  }
});

test('a password that is refused', async () => {
  const visitor = Object.assign(new Browser(service), { password: 'password123' });
  const answer = await visitor.signUp();
  expect(answer.json).toMatchObject({ code: 'PASSWORD_TOO_COMMON' });
  const id = answer.headers.get('x-request-id') ?? '';
  await expectStory(service, 'a password that is refused', { id });
});
