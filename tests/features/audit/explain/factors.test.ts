/** Stories of second factors and passkeys. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Browser, expectReason, expectStory } from '../../../support/explain.js';
import {
  enrol,
  steadyStep,
  verifyBackupCode,
  verifyTotp,
  type App,
} from '../../../support/second-factor.js';
import { SoftwareAuthenticator } from '../../../support/software-authenticator.js';
import { startTestService, type TestService } from '../../../support/test-service.js';
import { enrol as addPasskey, signIn as signInWithPasskey } from '../../passkeys/ceremony.js';

const env = { SECOND_FACTOR: 'optional', PASSKEYS: 'on', RP_ID: 'localhost' };

let service: TestService;
let user: Browser;
let app: App;

beforeAll(async () => {
  service = await startTestService({ env });
});
afterAll(() => service.stop());

const of = ({ email }: { readonly email: string }) => ({ email });

/** A user with an authenticator app, in a browser where the password was entered and the code is due. */
async function beginSecondFactor(): Promise<void> {
  user = new Browser(service);
  await user.signUp();
  await steadyStep();
  app = await enrol(service, user);
  await user.signOut();
  user.cookies.clear();
  expect((await user.signIn()).json).toMatchObject({ secondFactor: 'verify' });
}

test('a second factor that is not given', async () => {
  await beginSecondFactor();
  const { diagnosis } = await expectStory(service, 'a second factor that is not given', of(user));
  expect(diagnosis.sentence).toContain('authenticator app, 10 backup code(s) left');
});

test('a second factor that is not given, though the page asks for the session', async () => {
  await beginSecondFactor();
  await user.getSession();
  await expectStory(service, 'a second factor that is not given', of(user));
});

test('a second factor that was given', async () => {
  await beginSecondFactor();
  expect((await verifyTotp(user, app.code())).status).toBe(200);
  await expectStory(service, 'a user who is signed in', of(user));
});

test('a page that does not send the cookie, after a second factor', async () => {
  await beginSecondFactor();
  expect((await verifyTotp(user, app.code())).status).toBe(200);
  user.cookies.clear();
  await user.getSession();
  await expectStory(service, 'a page that does not send the cookie', of(user));
});

test('a second factor that is not set up', async () => {
  const strict = await startTestService({
    env: { SECOND_FACTOR: 'required' },
    testDatabase: service.database,
  });
  try {
    const visitor = new Browser(strict);
    await visitor.signUp();
    await expectStory(strict, 'a second factor that is not set up', of(visitor));
  } finally {
    await strict.stop();
  }
});

test('a wrong second factor', async () => {
  await beginSecondFactor();
  const wrong = app.code() === '000000' ? '111111' : '000000';
  expect((await verifyTotp(user, wrong)).json).toMatchObject({ reason: 'totp_wrong' });
  await expectStory(service, 'a wrong second factor', of(user));
});

test('sign_in totp_replayed', async () => {
  await beginSecondFactor();
  expect((await verifyTotp(user, app.code())).status).toBe(200);
  await user.signOut();
  user.cookies.clear();
  await user.signIn();
  expect((await verifyTotp(user, app.code())).json).toMatchObject({ reason: 'totp_replayed' });
  await expectReason(service, 'sign_in totp_replayed', of(user));
});

test('sign_in backup_code_wrong, sign_in backup_code_used', async () => {
  await beginSecondFactor();
  await verifyBackupCode(user, 'aaaaa-bbbbb');
  await expectReason(service, 'sign_in backup_code_wrong', of(user));
  const [code = ''] = app.backupCodes;
  expect((await verifyBackupCode(user, code)).status).toBe(200);
  await user.signOut();
  user.cookies.clear();
  await user.signIn();
  await verifyBackupCode(user, code);
  await expectReason(service, 'sign_in backup_code_used', of(user));
});

test('an authenticator app with a wrong clock', async () => {
  await beginSecondFactor();
  expect((await verifyTotp(user, app.code(20))).json).toMatchObject({
    reason: 'totp_clock_differs',
  });
  await expectStory(service, 'an authenticator app with a wrong clock', of(user));
});

test('too many wrong second factors', async () => {
  await beginSecondFactor();
  const wrong = app.code() === '000000' ? '111111' : '000000';
  for (let times = 0; times < 4; times += 1) await verifyTotp(user, wrong);
  await expectStory(service, 'too many wrong second factors', of(user));
});

test('a second factor that came too late', async () => {
  await beginSecondFactor();
  await service.database.query(
    `update session set expires_at = now() - interval '1 minute' where second_factor_due is not null`,
  );
  await user.getSession();
  await expectStory(service, 'a second factor that came too late', of(user));
});

test('an authenticator app of another secret', async () => {
  await beginSecondFactor();
  await service.database.query(
    `update totp_secret set secret = 'not-encrypted-with-this-secret'
     where user_id = (select id from "user" where email = $1)`,
    [user.email],
  );
  expect((await verifyTotp(user, app.code())).status).toBe(500);
  await expectStory(service, 'an authenticator app of another secret', of(user));
});

test('a passkey that was removed', async () => {
  user = new Browser(service);
  await user.signUp();
  const authenticator = new SoftwareAuthenticator();
  expect((await addPasskey(user, authenticator)).status).toBe(200);
  await service.database.query(
    'delete from passkey where user_id = (select id from "user" where email = $1)',
    [user.email],
  );
  await user.signOut();
  expect((await signInWithPasskey(user, authenticator)).json).toMatchObject({
    reason: 'passkey_unknown',
  });
  await expectStory(service, 'a passkey that was removed', of(user));
});

test('sign_in passkey_user_not_verified', async () => {
  user = new Browser(service);
  await user.signUp();
  const authenticator = new SoftwareAuthenticator();
  expect((await addPasskey(user, authenticator)).status).toBe(200);
  await user.signOut();
  const answer = await signInWithPasskey(user, authenticator, { userVerified: false });
  expect(answer.json).toMatchObject({ reason: 'passkey_user_not_verified' });
  await expectReason(service, 'sign_in passkey_user_not_verified', of(user));
});

test('a passkey of another domain', async () => {
  user = new Browser(service);
  await user.signUp();
  const authenticator = new SoftwareAuthenticator();
  expect((await addPasskey(user, authenticator)).status).toBe(200);
  await user.signOut();
  await signInWithPasskey(user, authenticator, { rpId: 'example.com' });
  await expectStory(service, 'a passkey of another domain', of(user));
});
