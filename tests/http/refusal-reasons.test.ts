import type { Request, Response as ExpressResponse } from 'express';
import { beforeEach, describe, expect, test } from 'vitest';
import { explainRefusal } from '../../src/http/explain-refusal.js';
import { createLogger } from '../../src/log/logger.js';
import { reasonTable, type Reason } from '../../src/session/reasons.js';
import { cookieName, inspect, signed } from '../support/inspection.js';
import type { TestService } from '../support/test-service.js';
import { useVisitor } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

const name = 'better-auth.session_token';

let service: TestService;
let visitor: Visitor;
useVisitor((started) => ({ service, visitor } = started), { env: { JWT_TOKENS: 'on' } });

/** Every endpoint that requires a session, with a body that is valid up to that check. */
const endpoints: Record<string, unknown> = {
  'list-sessions': undefined,
  'list-accounts': undefined,
  token: undefined,
  'update-user': { name: 'A' },
  'update-session': { a: 1 },
  'change-password': { currentPassword: 'not my password', newPassword: 'another long password' },
  'verify-password': { password: 'not my password' },
  'delete-user': { password: 'not my password' },
  'revoke-session': { token: 'x' },
  'revoke-sessions': {},
  'revoke-other-sessions': {},
  'unlink-account': { accountId: 'x' },
  'link-social': { provider: 'google' },
  'get-access-token': { accountId: 'x' },
  'refresh-token': { accountId: 'x' },
  'account-info?accountId=x': undefined,
};

const credentials: [Reason, (value: string) => string | undefined][] = [
  ['no_credential', () => undefined],
  ['bad_signature', (value) => `${name}=x${value}`],
  ['double_encoded', (value) => `${name}=${encodeURIComponent(value)}`],
  ['duplicate_cookies', (value) => `${name}=x${value}; ${name}=${value}`],
  ['cookies_joined', (value) => `theme=dark, ${name}=${value}`],
  ['session_signed_out', (value) => `${name}=${value}`],
];

describe.each(Object.entries(endpoints))('%s', (endpoint, body) => {
  test.each(credentials)(
    'a 401 has the reason %s in header, body and log line',
    async (reason, tamper) => {
      const cookie = tamper(visitor.sessionCookie);
      if (reason === 'session_signed_out') await visitor.signOut();
      const answer = await new Visitor(service).ask(`/api/auth/${endpoint}`, {
        body,
        ...(cookie !== undefined && { headers: { cookie } }),
      });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('x-session-reason')).toBe(reason);
      const requestId = answer.headers.get('x-request-id');
      const how =
        reason === 'session_signed_out'
          ? {
              message: expect.stringMatching(/^This session was signed out on .* UTC\.$/) as string,
              ended: { at: expect.any(String) as string },
            }
          : { message: `Not signed in: ${reasonTable[reason].meaning}.` };
      expect(answer.json).toEqual({ code: 'UNAUTHORIZED', ...how, reason, requestId });
      const line = await service.logLine((one) => one.requestId === requestId);
      expect(line).toMatchObject({ reason, code: 'UNAUTHORIZED', status: 401 });
      expect(line.hint).toContain(reasonTable[reason].fix);
    },
  );
});

test('a wrong password is not reported as a missing session', async () => {
  const answer = await visitor.signIn('not the password');
  expect([answer.status, answer.json?.code]).toEqual([401, 'INVALID_EMAIL_OR_PASSWORD']);
  expect(answer.headers.has('x-session-reason')).toBe(false);
  expect(answer.json).not.toHaveProperty('reason');
});

test('if BetterAuth finds no session but the inspector does, the response says to try again, without a reason', async () => {
  const { verdict } = await inspect(`${cookieName}=${signed}`);
  expect(verdict.reason).toBe('valid');
  const fields: Record<string, unknown> = {};
  const headers = new Map<string, string>();
  const res = {
    locals: { logFields: fields, requestId: 'r' },
    setHeader: (key: string, value: string) => headers.set(key, value),
    removeHeader: (key: string) => headers.delete(key),
  };
  const answer = new Response(JSON.stringify({ code: 'UNAUTHORIZED', message: 'Unauthorized' }), {
    status: 401,
  });
  const explained = await explainRefusal(
    answer,
    { headers: {} } as unknown as Request,
    res as unknown as ExpressResponse,
    {
      inspect: () => Promise.resolve(verdict),
      countSecretUsage: () => undefined,
      logger: createLogger('silent'),
      deadlineMs: 1000,
    },
  );
  expect(explained?.status).toBe(401);
  expect(await explained?.json()).toEqual({
    code: 'UNAUTHORIZED',
    message: 'The session changed during the request. Try again.',
  });
  expect(headers.has('x-session-reason')).toBe(false);
  expect(fields.hint).toMatch(/changed during the request/);
});

test('signed-in users get no reason at these endpoints', async () => {
  const answer = await visitor.ask('/api/auth/list-sessions');
  expect(answer.status).toBe(200);
  expect(answer.headers.has('x-session-reason')).toBe(false);
});

describe('a session whose latest proof is older than ten minutes', () => {
  beforeEach(() =>
    service.database.query(
      `update session set created_at = created_at - interval '25 hours',
         proven_at = proven_at - interval '11 minutes'
       where user_id = (select id from "user" where email = $1)`,
      [visitor.email],
    ),
  );

  test.each([
    ['list-sessions', undefined],
    ['list-accounts', undefined],
    ['update-user', { name: 'A' }],
    ['revoke-session', { token: 'x' }],
    ['revoke-other-sessions', {}],
    ['revoke-sessions', {}],
  ])('is enough for %s', async (endpoint, body) => {
    expect((await visitor.ask(`/api/auth/${endpoint}`, { body })).status).toBe(200);
  });

  test('is sufficient together with the password: to change it, and to delete the user', async () => {
    const { password } = visitor;
    const newPassword = 'another long password';
    const body = { currentPassword: password, newPassword, revokeOtherSessions: false };
    expect((await visitor.ask('/api/auth/change-password', { body })).status).toBe(200);
    const deletion = { body: { password: newPassword } };
    expect((await visitor.ask('/api/auth/delete-user', deletion)).status).toBe(200);
  });

  test.each([
    ['delete-user', {}],
    ['unlink-account', { accountId: 'x' }],
  ])('is asked for a proof by %s: one code, the methods, and a hint', async (endpoint, body) => {
    const answer = await visitor.ask(`/api/auth/${endpoint}`, { body });
    const requestId = answer.headers.get('x-request-id');
    expect(answer.status).toBe(403);
    expect(answer.json).toEqual({
      code: 'SESSION_NOT_FRESH',
      message: 'This needs a recent proof of who you are: step up, or sign in again.',
      reason: 'not_fresh',
      methods: ['password'],
      requestId,
    });
    const line = await service.logLine((one) => one.requestId === requestId);
    expect(line).toMatchObject({ code: 'SESSION_NOT_FRESH' });
    expect(line.hint).toMatch(/older than 10 minutes.*step-up/);
    expect((await visitor.ask('/session')).headers.get('x-session-reason')).toBe('valid');
  });

  test('a wrong or an empty password deletes no user and is reported as wrong', async () => {
    for (const password of ['not my password', '']) {
      const answer = await visitor.ask('/api/auth/delete-user', { body: { password } });
      expect([answer.status, answer.json?.code]).toEqual([400, 'INVALID_PASSWORD']);
    }
  });
});
