/** Requests that no browser sends get a 4xx or the normal response, never a 5xx, and have no other effect. */
import { expect, test } from 'vitest';
import { sendRaw } from '../support/raw-socket.js';
import type { TestService } from '../support/test-service.js';
import { useServiceWithVisitor } from '../support/use-service.js';
import type { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
useServiceWithVisitor((started) => ({ service, visitor } = started));

const getSession = '/api/auth/get-session';

test.each([
  `http://evil.example${getSession}`,
  `https://user:password@evil.example:8443${getSession}`,
  `http://evil.example:99999999${getSession}`,
  `http://127.0.0.1:1${getSession}?disableRefresh=true`,
  `${getSession}#fragment`,
])('GET %s gets the response of its path', async (target) => {
  const answer = await sendRaw(service, [
    `GET ${target} HTTP/1.1`,
    `Cookie: ${visitor.cookieHeader}`,
  ]);
  expect(answer.status).toBe(200);
  expect(answer.body).toContain(visitor.email);
  expect(answer.headers.get('location')).toBeNull();
});

test.each([
  `//evil.example${getSession}`,
  `///${getSession}`,
  '//',
  '/api/auth//get-session',
  '/api/auth/../auth//get-session',
  '/api/auth/..//evil.example/get-session',
  '/api/auth/../../etc/passwd',
  '/api/auth/%2e%2e/%2e%2e/session',
  '/api/auth/\\evil.example',
  '/api/auth/get%2Dsession',
  '/api/auth/get-session/',
  '/api/auth',
  '/api/auth/',
  '/api/authentic',
  '/API/AUTH/get-session',
  'http://%zz/api/auth/get-session',
])('GET %s is 404 in the error shape', async (target) => {
  const answer = await sendRaw(service, [
    `GET ${target} HTTP/1.1`,
    `Cookie: ${visitor.cookieHeader}`,
  ]);
  expect(answer.status).toBe(404);
  expect(JSON.parse(answer.body)).toEqual({
    code: 'NOT_FOUND',
    message: 'Not found.',
    requestId: answer.headers.get('x-request-id'),
  });
});

const oddHeaders = {
  'a list of schemes': 'X-Forwarded-Proto: https,http',
  'a scheme that is none': 'X-Forwarded-Proto: javascript:',
  'a forwarded host': 'X-Forwarded-Host: evil.example',
  'a Host with blanks and brackets': 'Host: ][ , evil example',
  'an empty Host': 'Host:',
  'a Host of another party': 'Host: evil.example:1',
  'bytes beyond ASCII': 'X-Odd: \xff\xfe',
  'an Authorization that is none': 'Authorization: Basic Og==',
  'a bearer token of nothing': 'Authorization: Bearer ',
  'a Content-Type on a GET': 'Content-Type: application/json',
  'a body announced and empty': 'Content-Length: 0',
};

test.each(Object.entries(oddHeaders))('%s does not change the response', async (_title, line) => {
  const answer = await sendRaw(service, [
    `GET ${getSession} HTTP/1.1`,
    line,
    `Cookie: ${visitor.cookieHeader}`,
  ]);
  expect(answer.status).toBe(200);
  expect(answer.body).toContain(visitor.email);
  expect(answer.headers.get('x-session-reason')).toBe('valid');
  expect(JSON.stringify([...answer.headers])).not.toContain('evil');
});

test('a session cookie split over two Cookie headers is found in either', async () => {
  for (const lines of [
    ['Cookie: other=1', `Cookie: ${visitor.cookieHeader}`],
    [`Cookie: ${visitor.cookieHeader}`, 'Cookie: other=1'],
  ]) {
    for (const path of ['/session', getSession]) {
      const answer = await sendRaw(service, [`GET ${path} HTTP/1.1`, ...lines]);
      expect(answer.status).toBe(200);
      expect(answer.body).toContain(visitor.email);
    }
  }
});

test.each([
  'a',
  '=',
  ';;;',
  'a=%',
  'better-auth.session_token',
  'better-auth.session_token=%00.%ff',
])('the Cookie header %j is not signed in, and not an error', async (cookie) => {
  const ours = await sendRaw(service, ['GET /session HTTP/1.1', `Cookie: ${cookie}`]);
  expect(ours.status).toBe(401);
  const stock = await sendRaw(service, [`GET ${getSession} HTTP/1.1`, `Cookie: ${cookie}`]);
  expect(stock.status).toBe(200);
  expect(stock.body).toBe('null');
});

test('a path without an endpoint causes no database row', async () => {
  const before = await service.database.query('select * from rate_limit order by id');
  for (const path of ['/api/auth/made-up', `/api/auth/${'a'.repeat(3000)}`]) {
    expect((await visitor.ask(path)).status).toBe(404);
  }
  expect(await service.database.query('select * from rate_limit order by id')).toEqual(before);
});

test('no request of this file was logged as an error', () => {
  expect(service.logLines().filter(({ level }) => level === 'error')).toEqual([]);
});
