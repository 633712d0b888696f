import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reasonTable, type Reason } from '../src/session/reasons.js';
import { signCookie } from './support/better-call.js';
import { startTestService, type TestService } from './support/test-service.js';
import { Visitor } from './support/visitor.js';

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

/** A visitor whose signature holds a `+`, so that losing it can be shown: nearly every second one. */
async function signUpWithPlus(): Promise<Visitor> {
  const newcomer = new Visitor(service);
  await newcomer.signUp();
  return newcomer.sessionCookie.includes('%2B') ? newcomer : signUpWithPlus();
}

/** What callers do to a cookie: the Cookie header they send, the reason they get, the hint in the log. */
const spoilings: [what: string, spoil: (value: string) => string, Reason, hint: string][] = [
  ['forwarded as it is', (value) => `${name}=${value}`, 'valid', ''],
  ['percent-decoded', (value) => `${name}=${decodeURIComponent(value)}`, 'valid', ''],
  ['put in quotes', (value) => `${name}="${value}"`, 'valid', ''],
  [
    'left out',
    () => 'theme=dark',
    'no_credential',
    'its browser does not say (1 other cookies came)',
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
    'joined to another by a comma and a blank',
    (value) => `theme=dark, ${name}=${value}`,
    'cookies_joined',
    'a comma stands where a semicolon belongs; the value verifies',
  ],
  [
    'joined before another by a comma and a blank',
    (value) => `${name}=${value}, theme=dark`,
    'cookies_joined',
    'join them with a semicolon',
  ],
  [
    'sent behind an older one',
    (value) => `${name}=x${value}; ${name}=${value}`,
    'duplicate_cookies',
    '2 cookies of this name',
  ],
  [
    'renamed to the prefix of https',
    (value) => `__Secure-${name}=${value}`,
    'wrong_cookie_name',
    `expected ${name}; the value verifies`,
  ],
  ['replaced by the raw token', () => `${name}=${token}`, 'unsigned_token', 'the cookie unchanged'],
];

test.each(spoilings)(
  'a session cookie %s: header, body and log line tell the reason',
  async (_what, spoil, reason, hint) => {
    const headers = { cookie: spoil(visitor.sessionCookie) };
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

test.each(spoilings)(
  'a session cookie %s: get-session carries the same reason as /session',
  async (_what, spoil, reason) => {
    const headers = { cookie: spoil(visitor.sessionCookie) };
    const answer = await visitor.ask('/api/auth/get-session', { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-session-reason')).toBe(reason);
    expect(answer.json === null).toBe(reason !== 'valid');
    expect(answer.setCookies).toEqual([]);
  },
);

test('the log line joins with the log of whoever asks by the fingerprint of the token', async () => {
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

test('no token, signature, password or address of any of these visits is in the log', () => {
  const [, signature = ''] = decodeURIComponent(visitor.sessionCookie).split('.');
  for (const secret of [token, signature, visitor.sessionCookie, visitor.password, visitor.email]) {
    expect(service.logText()).not.toContain(secret);
  }
});
