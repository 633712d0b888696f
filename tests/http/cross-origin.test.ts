import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor, type Answer } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ env: { LIMIT_NETWORK: '3/10s' } });
});
afterAll(() => service.stop());

const page = 'http://localhost:3000';

/** All CORS headers of a response, and Vary. */
function corsHeaders({ headers }: Pick<Answer, 'headers'>): Record<string, string> {
  const entries = [...headers].filter(([name]) => /^(access-control-|vary$)/.test(name));
  return Object.fromEntries(entries);
}

const forTrusted = {
  'access-control-allow-origin': page,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers':
    'x-session-reason,x-request-id,set-auth-token,Retry-After,X-Retry-After',
  vary: 'Origin',
};

function preflight(path: string, origin: string, method = 'POST') {
  return new Visitor(service, origin).ask(path, {
    method: 'OPTIONS',
    headers: {
      'access-control-request-method': method,
      'access-control-request-headers': 'content-type',
    },
  });
}

test('a trusted page may read the response with credentials, and the headers it needs', async () => {
  const visitor = new Visitor(service);
  expect(corsHeaders(await visitor.signUp())).toEqual(forTrusted);
  expect(corsHeaders(await visitor.ask('/session'))).toEqual(forTrusted);
  expect(corsHeaders(await visitor.getSession())).toEqual(forTrusted);
});

test("a page on the service's own origin is trusted", async () => {
  const answer = await new Visitor(service, 'http://localhost:3001').getSession();
  expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:3001');
});

test.each(['/api/auth/sign-in/email', '/session', '/no-such-route'])(
  'a preflight of %s is answered, without a session, a body or a cookie',
  async (path) => {
    const answer = await preflight(path, page);
    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expect(answer.setCookies).toEqual([]);
    expect(corsHeaders(answer)).toEqual({
      ...forTrusted,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '7200',
      vary: 'Origin, Access-Control-Request-Headers',
    });
  },
);

test('the response to a preflight from an untrusted page has no origin, so browsers stop', async () => {
  const answer = await preflight('/api/auth/sign-in/email', 'http://localhost:4000');
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

test('every response has Vary: Origin, even without an Origin', async () => {
  const answer = await new Visitor(service).ask('/session', { origin: null });
  expect(answer.headers.get('vary')).toBe('Origin');
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

test('a trusted page can read errors too: 400, 401, 403, 404, 405, 413, 415 and 429', async () => {
  const visitor = new Visitor(service);
  const signIn = '/api/auth/sign-in/email';
  const json = { 'content-type': 'application/json' };
  const answers = [
    await visitor.ask(signIn, { body: '{' }),
    await visitor.ask('/session'),
    await visitor.ask(signIn, {
      body: { email: 'a@example.com', password: 'x', callbackURL: 'https://evil.example' },
    }),
    await visitor.ask('/no-such-route'),
    await visitor.ask('/session', { method: 'DELETE' }),
    await visitor.ask(signIn, { body: 'x'.repeat(200_000) }),
    await visitor.ask(signIn, { body: 'x', headers: { ...json, 'content-type': 'text/plain' } }),
    await visitor.ask(signIn, { body: '{}' }),
    await visitor.ask(signIn, { body: '{}' }),
    await visitor.ask(signIn, { body: '{}' }), // earlier rejections did not count towards the limit
    await visitor.ask(signIn, { body: '{}' }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([
    400, 401, 403, 404, 405, 413, 415, 400, 400, 400, 429,
  ]);
  for (const answer of answers) expect(corsHeaders(answer)).toEqual(forTrusted);
  expect(answers.at(-1)?.headers.get('retry-after')).toMatch(/^\d+$/);
});

test('a trusted page can read that the database is unavailable', async () => {
  const withoutDatabase = await startTestService({
    env: { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' },
  });
  const answer = await new Visitor(withoutDatabase).signIn();
  await withoutDatabase.stop();
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('5');
  expect(corsHeaders(answer)).toEqual(forTrusted);
});
