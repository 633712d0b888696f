import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reasonTable, type Reason } from '../../src/session/reasons.js';
import { signCookie } from '../support/better-call.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const name = 'better-auth.session_token';

let service: TestService;
let visitor: Visitor;
let token: string;
let foreign: string;

beforeAll(async () => {
  service = await startTestService();
  visitor = await signUpWithPlus();
  token = decodeURIComponent(visitor.sessionCookie).split('.')[0] ?? '';
  foreign = await signCookie(token, 'a-secret-of-another-deployment-0123456789');
});
afterAll(() => service.stop());

/** A user whose signature has a `+`, so that its loss can be tested: nearly every second one. */
async function signUpWithPlus(): Promise<Visitor> {
  const newUser = new Visitor(service);
  await newUser.signUp();
  return newUser.sessionCookie.includes('%2B') ? newUser : signUpWithPlus();
}

/** How callers tamper with a cookie: the Cookie header, the expected reason, the hint in the log. */
const tamperings: [what: string, tamper: (value: string) => string, Reason, hint: string][] = [
  ['forwarded as it is', (value) => `${name}=${value}`, 'valid', ''],
  ['percent-decoded', (value) => `${name}=${decodeURIComponent(value)}`, 'valid', ''],
  ['put in quotes', (value) => `${name}="${value}"`, 'valid', ''],
  [
    'left out',
    () => 'theme=dark',
    'no_credential',
    'whose browser does not send Sec-Fetch-Site (with 1 other cookies)',
  ],
  ['cut short', (value) => `${name}=${value.slice(0, -9)}`, 'malformed_cookie', 'a signature of'],
  ['changed by a letter', (value) => `${name}=x${value}`, 'bad_signature', 'BETTER_AUTH_SECRET'],
  ['signed elsewhere', () => `${name}=${foreign}`, 'bad_signature', 'BETTER_AUTH_SECRET differs'],
  [
    'percent-encoded again',
    (value) => `${name}=${encodeURIComponent(value)}`,
    'double_encoded',
    'without encoding it',
  ],
  [
    'form-decoded',
    (value) => `${name}=${decodeURIComponent(value).replaceAll('+', ' ')}`,
    'plus_became_space',
    'should not form-decode',
  ],
  [
    'joined with another by a comma',
    (value) => `${name}=${value},theme=dark`,
    'malformed_cookie',
    'two cookies were joined into one',
  ],
  [
    'joined to another by a comma and a space',
    (value) => `theme=dark, ${name}=${value}`,
    'cookies_joined',
    'a comma where a semicolon belongs; the value verifies',
  ],
  [
    'joined before another by a comma and a space',
    (value) => `${name}=${value}, theme=dark`,
    'cookies_joined',
    'join them with a semicolon',
  ],
  [
    'sent after an older one',
    (value) => `${name}=x${value}; ${name}=${value}`,
    'duplicate_cookies',
    '2 cookies of this name',
  ],
  [
    'renamed with the prefix of https',
    (value) => `__Secure-${name}=${value}`,
    'wrong_cookie_name',
    `expected ${name}; the value verifies`,
  ],
  ['replaced by the raw token', () => `${name}=${token}`, 'unsigned_token', 'the cookie unchanged'],
];

test.each(tamperings)(
  'a session cookie %s: header, body and log line have the reason',
  async (_what, tamper, reason, hint) => {
    const headers = { cookie: tamper(visitor.sessionCookie) };
    const answer = await visitor.ask('/session', { headers });
    expect(answer.status).toBe(reasonTable[reason].status);
    expect(answer.headers.get('x-session-reason')).toBe(reason);
    expect(answer.setCookies).toEqual([]);
    const requestId = answer.headers.get('x-request-id');
    if (reason === 'valid') {
      expect(answer.json).toMatchObject({ user: { email: visitor.email } });
    } else {
      const message = `Not signed in: ${reasonTable[reason].meaning}.`;
      expect(answer.json).toEqual({ code: 'NOT_SIGNED_IN', message, reason, requestId });
    }
    const line = await service.logLine((line) => line.requestId === requestId);
    expect(line).toMatchObject({ msg: 'request', path: '/session', status: answer.status, reason });
    expect(line.hint ?? '').toContain(hint);
  },
);

test.each(tamperings)(
  'a session cookie %s: get-session has the same reason as /session',
  async (_what, tamper, reason) => {
    const headers = { cookie: tamper(visitor.sessionCookie) };
    const answer = await visitor.ask('/api/auth/get-session', { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-session-reason')).toBe(reason);
    expect(answer.json === null).toBe(reason !== 'valid');
    expect(answer.setCookies).toEqual([]);
  },
);

test('the token’s fingerprint correlates the log line with the caller’s log', async () => {
  const answer = await visitor.ask('/session');
  const requestId = answer.headers.get('x-request-id');
  const line = await service.logLine((line) => line.requestId === requestId);
  expect(line).toMatchObject({
    reason: 'valid',
    source: 'cookie',
    cookieName: name,
    valueLength: visitor.sessionCookie.length,
    tokenFingerprint: createHash('sha256').update(token).digest('hex').slice(0, 8),
    secretVersion: 0,
    origin: 'http://localhost:3000',
  });
  expect(line).not.toHaveProperty('hint');
});

test('the log has no token, signature, password or address of these requests', () => {
  const [, signature = ''] = decodeURIComponent(visitor.sessionCookie).split('.');
  for (const secret of [token, signature, visitor.sessionCookie, visitor.password, visitor.email]) {
    expect(service.logText()).not.toContain(secret);
  }
});
