import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendRaw } from '../support/raw-socket.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor, type AskOptions, type Answer } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const signIn = '/api/auth/sign-in/email';

/** One response of every kind: title → status, path, request. */
const answers: Record<string, readonly [number, string, AskOptions?]> = {
  'a healthy process': [200, '/health'],
  'a ready service': [200, '/ready'],
  'a session check without a session': [401, '/session'],
  'a stock session check': [200, '/api/auth/get-session'],
  'a preflight': [204, signIn, { method: 'OPTIONS' }],
  'malformed JSON': [400, signIn, { body: '{"email":' }],
  'a field of the wrong type': [400, signIn, { body: { email: 1, password: [] } }],
  'malformed percent-encoding in the path': [400, '/api/auth/%E0%A4%A'],
  'a wrong password': [401, signIn, { body: { email: 'a@example.com', password: 'a guess' } }],
  'an untrusted origin': [403, signIn, { body: {}, origin: 'https://evil.example' }],
  'no route': [404, '/'],
  'no route below a route': [404, '/session/more'],
  'no such auth endpoint': [404, '/api/auth/nothing'],
  "BetterAuth's error page": [404, '/api/auth/error?error=%3Cscript%3E'],
  'the error page with a slash': [404, '/api/auth/error/'],
  'an endless path': [404, `/api/auth/${'x'.repeat(6000)}`],
  'a method no route takes': [405, '/session', { method: 'DELETE' }],
  'a large body': [413, signIn, { body: 'x'.repeat(102_401) }],
  'a body of another type': [415, signIn, { body: 'x', headers: { 'content-type': 'text/xml' } }],
  'a type that only contains the right one': [
    415,
    signIn,
    { body: 'x', headers: { 'content-type': 'multipart/form-data, application/json' } },
  ],
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe.each(Object.entries(answers))('%s', (_title, [status, path, options]) => {
  let answer: Answer;
  beforeAll(async () => {
    answer = await new Visitor(service).ask(path, options);
  });

  test('has its status, a request id and every security header, and does not reveal the software', () => {
    expect(answer.status).toBe(status);
    const { headers } = answer;
    expect(headers.get('x-request-id')).toMatch(uuid);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    for (const name of ['x-powered-by', 'server', 'etag', 'location', 'set-cookie']) {
      expect(headers.get(name)).toBeNull();
    }
  });

  test('is JSON in UTF-8; an error has exactly code, message and request id', () => {
    if (status === 204) {
      expect(answer.text).toBe('');
      return;
    }
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    if (status < 400) return;
    const { code, message, reason, requestId, ...more } = answer.json ?? {};
    expect(code).toMatch(/^[A-Z][A-Z_]+$/);
    expect(message).toMatch(/\S/);
    expect(reason).toBe(path === '/session' && status === 401 ? 'no_credential' : undefined);
    expect(requestId).toBe(answer.headers.get('x-request-id'));
    expect(more).toEqual({});
  });
});

test.each([
  ['/health', 'GET, HEAD'],
  ['/ready', 'GET, HEAD'],
  ['/session', 'GET, HEAD'],
  ['/api/auth/get-session', 'GET, POST'],
  ['/api/auth/sign-in/email', 'GET, POST'],
])('%s refuses every other method with 405 and Allow: %s', async (path, allow) => {
  const methods = ['HEAD', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY'];
  for (const method of methods.filter((name) => !allow.split(', ').includes(name))) {
    const answer = await sendRaw(service, [`${method} ${path} HTTP/1.1`, 'Content-Length: 0']);
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(answer.headers.get('x-request-id')).toMatch(uuid);
    if (method !== 'HEAD') expect(answer.body).toContain('"METHOD_NOT_ALLOWED"');
  }
});

test('TRACE does not echo the request', async () => {
  const answer = await sendRaw(service, ['TRACE /session HTTP/1.1', 'Cookie: a=echoed-cookie']);
  expect(answer.status).toBe(405);
  expect(JSON.stringify([...answer.headers]) + answer.body).not.toContain('echoed-cookie');
});

test('a body of exactly the maximum size is accepted', async () => {
  const body = JSON.stringify({ email: 'a@example.com', password: 'x' }).padEnd(102_400);
  expect((await new Visitor(service).ask(signIn, { body })).status).toBe(401);
});

test('a BetterAuth error without a code gets one', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  const answer = await visitor.ask('/api/auth/update-user', { body: {} });
  expect(answer.status).toBe(400);
  expect(answer.json).toEqual({
    code: 'INVALID_REQUEST',
    message: 'No fields to update',
    requestId: answer.headers.get('x-request-id'),
  });
});
