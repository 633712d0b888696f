import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FaultyNetwork } from '../support/faulty-network.js';
import { sendRaw } from '../support/raw-socket.js';
import type { TestDatabase } from '../support/test-database.js';
import { startTestService, type LogLine, type TestService } from '../support/test-service.js';
import { useFaultyDatabase } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
let network: FaultyNetwork;
let service: TestService;
useFaultyDatabase((started) => ({ testDatabase, network } = started), 'file');
beforeAll(async () => {
  service = await startTestService({ testDatabase, env: { DATABASE_URL: network.url } });
  await service.logStartupReport();
});
afterAll(() => service.stop());

/** The log line of the request with this id. */
const lineOf = (requestId: string): Promise<LogLine> =>
  service.logLine(({ msg, requestId: id }) => msg === 'request' && id === requestId);
const withId = (id: string) => ({ headers: { 'x-request-id': id } });

test('a request causes one log line: time, method, path, origin and result', async () => {
  await new Visitor(service).ask('/health', withId('plain'));
  const line = await lineOf('plain');
  expect(line).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    requestId: 'plain',
    method: 'GET',
    path: '/health',
    status: 200,
    durationMs: expect.any(Number) as number,
    origin: 'http://localhost:3000',
    msg: 'request',
  });
  expect(service.logLines().filter(({ requestId }) => requestId === 'plain')).toEqual([line]);
});

test('a request without an id is logged with the id of its response', async () => {
  const answer = await new Visitor(service).ask('/health');
  await lineOf(answer.headers.get('x-request-id') ?? 'none');
});

test('the query string is never logged', async () => {
  await new Visitor(service).ask('/session?token=zq7marker#x', withId('query'));
  await new Visitor(service).ask('/api/auth/verify-email?token=zq7marker', withId('mailed'));
  expect((await lineOf('query')).path).toBe('/session');
  expect((await lineOf('mailed')).path).toBe('/api/auth/verify-email');
  expect(service.logText()).not.toContain('zq7marker');
});

test('a token or an e-mail address in the path is masked', async () => {
  const token = 'aB3dE5fG7hI9jK1lM3nO5pQ7';
  const visitor = new Visitor(service);
  await visitor.ask(`/api/auth/reset-password/${token}`, withId('reset'));
  await visitor.ask(`/users/${visitor.email}/${encodeURIComponent(visitor.email)}`, withId('mail'));
  expect((await lineOf('reset')).path).toBe('/api/auth/reset-password/[token]');
  expect((await lineOf('mail')).path).toBe('/users/[email]/[email]');
});

test('a path longer than 200 characters is truncated, never in the middle of a token', async () => {
  const visitor = new Visitor(service);
  await visitor.ask(`/${'long-'.repeat(1000)}`, withId('long'));
  await visitor.ask(`/${'-'.repeat(189)}/${'aB3d'.repeat(8)}`, withId('straddling'));
  expect((await lineOf('long')).path).toBe(`/${'long-'.repeat(1000)}`.slice(0, 200));
  expect((await lineOf('straddling')).path).toBe(`/${'-'.repeat(189)}/[token]`);
});

test('line breaks in input stay inside one line of JSON', async () => {
  const before = service.logLines().length;
  const forged = '{"level":"fatal","msg":"forged"}';
  const host = 'Host: localhost:3001';
  const head = `GET /x%0A${encodeURIComponent(forged)}%0D%0A HTTP/1.1`;
  await sendRaw(service, [head, host, 'X-Request-Id: forged', `Origin: a\t${forged}\u2028`]);
  await sendRaw(service, ['GET /y HTTP/1.1', host, `X-Request-Id: y ${forged}`]);
  await service.logLine(({ path }) => path === '/y');
  // Throws if a line is not JSON. The hourly sweep may run meanwhile.
  const lines = service
    .logLines()
    .slice(before)
    .filter(({ msg }) => msg !== 'swept');
  expect(lines.map(({ level, msg }) => `${level} ${msg}`)).toEqual([
    'info request',
    'info request',
  ]);
  expect(lines[1]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
});

test('an untrusted origin is logged with the variable to change', async () => {
  const visitor = new Visitor(service, 'https://elsewhere.example');
  await visitor.ask('/session', withId('untrusted'));
  await new Visitor(service).ask('/session', withId('trusted'));
  const line = await lineOf('untrusted');
  expect(line.origin).toBe('https://elsewhere.example');
  expect(line.originHint).toContain('BETTER_AUTH_TRUSTED_ORIGINS');
  expect(await lineOf('trusted')).not.toHaveProperty('originHint');
});

test('successful, failed and rejected sign-ins can be distinguished', async () => {
  const path = '/api/auth/sign-in/email';
  const visitor = new Visitor(service);
  await visitor.signUp();
  const tried = [];
  const wrong = 'a wrong one';
  for (const password of [visitor.password, wrong, visitor.password, wrong, wrong, wrong, wrong]) {
    const answer = await visitor.signIn(password);
    const { status, code } = await lineOf(answer.headers.get('x-request-id') ?? '');
    tried.push({ status, code });
  }
  expect(tried).toEqual([
    { status: 200, code: undefined },
    { status: 401, code: 'INVALID_EMAIL_OR_PASSWORD' },
    { status: 200, code: undefined },
    ...Array<object>(3).fill({ status: 401, code: 'INVALID_EMAIL_OR_PASSWORD' }),
    { status: 429, code: 'TOO_MANY_REQUESTS' },
  ]);
  const elsewhere = new Visitor(service, 'https://elsewhere.example');
  const refused = await elsewhere.ask(path, { body: { email: 'a@b.test', password: 'x' } });
  expect(await lineOf(refused.headers.get('x-request-id') ?? '')).toMatchObject({
    path,
    status: 403,
    code: refused.json?.code,
    originHint: expect.any(String) as string,
  });
  expect(service.logText()).not.toContain(visitor.email);
});

test('a 5xx is logged at level error, with the code of its response', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  await network.goDown();
  await visitor.ask('/session', withId('down'));
  await network.heal();
  expect(await lineOf('down')).toMatchObject({
    level: 'error',
    status: 503,
    code: 'DATABASE_UNAVAILABLE',
    reason: 'database_unavailable',
  });
});
