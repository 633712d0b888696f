/** What changes how an account is entered needs a recent proof, and the second factor of an account that has one. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sensitiveEndpoints } from '../../src/auth/sensitive-endpoints.js';
import { enrol, type App } from '../support/second-factor.js';
import {
  newVerifier,
  RedirectVisitor,
  startRedirectService,
  type RedirectService,
} from '../support/redirect-visitor.js';
import type { Answer } from '../support/visitor.js';

let service: RedirectService;
let visitor: RedirectVisitor;
beforeAll(async () => {
  service = await startRedirectService({
    EMAIL_VERIFICATION: 'optional',
    CHANGE_EMAIL: 'on',
    SECOND_FACTOR: 'optional',
    LIMIT_PAUSE: '50/1s/1s',
  });
});
afterAll(() => service.stop());
beforeEach(async () => {
  visitor = new RedirectVisitor(service);
  expect((await visitor.signUp()).status).toBe(200);
});

/** Endpoint → a request that is allowed once enough is proven; `password` is in it where the endpoint takes one. */
const requests: Readonly<Record<string, (password: string) => object>> = {
  '/change-email': (password) => ({ newEmail: `new.${visitor.email}`, password }),
  '/change-password': (currentPassword) => ({
    currentPassword,
    newPassword: 'another-good-password-42',
  }),
  '/delete-user': (password) => ({ password }),
  '/link-social': () => ({ provider: 'test', callbackURL: '/' }),
  '/redirect/ticket': () => ({ code_challenge: newVerifier().challenge }),
  '/unlink-account': () => ({ accountId: 'of-no-login' }),
  '/two-factor/enable': (password) => ({ password }),
  '/two-factor/disable': (password) => ({ password }),
  '/two-factor/generate-backup-codes': (password) => ({ password }),
};

/** They take no password: only the session's own proof counts. */
const withoutPassword = ['/link-social', '/redirect/ticket', '/unlink-account'];

const send = (path: string, password = visitor.password): Promise<Answer> =>
  visitor.ask(`/api/auth${path}`, { body: requests[path]?.(password) ?? {} });

const change = (set: string) =>
  service.database.query(
    `update session set ${set} from "user" u where u.id = user_id and email = $1`,
    [visitor.email],
  );
const makeStale = () => change(`proven_at = proven_at - interval '11 minutes'`);

const stepUp = (body: object) => visitor.ask('/api/auth/step-up', { body });

test('each sensitive endpoint of an enabled feature is tested here', () => {
  const tested = sensitiveEndpoints.filter((path) => !path.startsWith('/passkey/'));
  expect(Object.keys(requests).sort()).toEqual([...tested].sort());
});

describe('a stale session', () => {
  beforeEach(makeStale);

  test.each(withoutPassword)('is refused at %s, and accepted after a step-up', async (path) => {
    const refused = await send(path);
    expect(refused.status).toBe(403);
    expect(refused.json).toMatchObject({
      code: 'SESSION_NOT_FRESH',
      reason: 'not_fresh',
      methods: ['password'],
    });
    expect((await visitor.ask('/session')).headers.get('x-session-reason')).toBe('valid');
    expect((await stepUp({ password: visitor.password })).status).toBe(200);
    const accepted = await send(path);
    expect(accepted.json?.reason).not.toBe('not_fresh');
    expect(accepted.status).toBe(path === '/unlink-account' ? 400 : 200);
  });

  test.each(['/change-email', '/change-password', '/delete-user', '/two-factor/enable'])(
    'and the right password are enough for %s',
    async (path) => {
      const accepted = await send(path);
      expect(accepted.status, accepted.text).toBe(200);
    },
  );

  test.each(['/change-email', '/change-password', '/delete-user', '/two-factor/enable'])(
    'and a wrong password are not, for %s',
    async (path) => {
      const refused = await send(path, 'not the password');
      expect([refused.status, refused.json?.code]).toEqual([400, 'INVALID_PASSWORD']);
    },
  );

  test.each([
    ['/change-email', 'session_replaced'],
    ['/change-password', 'session_ended_by_password_change'],
  ])('is fresh after %s with the password, under a new token', async (path, reason) => {
    const before = visitor.cookieHeader;
    expect((await send(path)).status).toBe(200);
    expect((await send('/redirect/ticket')).status).toBe(200);
    const copy = new RedirectVisitor(service);
    const old = await copy.ask('/session', { headers: { cookie: before } });
    expect(old.json?.reason).toBe(reason);
  });

  test('of a user who signs in with a provider only is asked to sign in again', async () => {
    const person = new RedirectVisitor(service);
    await person.signInWithProvider();
    const mine = visitor;
    visitor = person;
    await service.database.query(`update session set proven_at = proven_at - interval '1 hour'`);
    const refused = await send('/unlink-account');
    visitor = mine;
    expect(refused.json).toMatchObject({ reason: 'not_fresh', methods: [] });
    expect(refused.json?.message).toMatch(/sign in again/);
  });

  test.each(['list-sessions', 'list-accounts'])('is enough for %s', async (path) => {
    expect((await visitor.ask(`/api/auth/${path}`)).status).toBe(200);
  });
});

describe('a session of level 1 of an account with a second factor', () => {
  let app: App;
  beforeEach(async () => {
    app = await enrol(service, visitor);
    await change('aal = 1');
  });

  test.each(Object.keys(requests))(
    'is refused at %s, even with the password, and accepted after a code',
    async (path) => {
      const refused = await send(path);
      expect(refused.status).toBe(403);
      expect(refused.json).toMatchObject({
        code: 'SECOND_FACTOR_REQUIRED',
        reason: 'aal2_required',
        methods: ['totp', 'backup_code'],
      });
      expect(refused.setCookies).toEqual([]);
      expect((await stepUp({ totp: app.code() })).json).toMatchObject({ session: { aal: 2 } });
      const accepted = await send(path);
      expect(accepted.json?.reason).not.toBe('aal2_required');
      expect(accepted.status, accepted.text).toBe(path === '/unlink-account' ? 400 : 200);
    },
  );

  test('stays refused after the password was proven: it does not raise the level', async () => {
    expect((await stepUp({ password: visitor.password })).status).toBe(200);
    expect((await send('/redirect/ticket')).json?.reason).toBe('aal2_required');
  });

  test('a deletion by mail is refused too: the mailbox is one factor', async () => {
    const answer = await visitor.ask('/api/auth/delete-user', { body: {} });
    expect(answer.json?.reason).toBe('aal2_required');
  });
});

test('without a session they answer 401 with the reason', async () => {
  visitor.cookies.clear();
  for (const path of Object.keys(requests)) {
    const answer = await send(path);
    expect([path, answer.status, answer.json?.reason]).toEqual([path, 401, 'no_credential']);
  }
});
