import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { signCookie } from '../support/better-call.js';
import type { FaultyNetwork } from '../support/faulty-network.js';
import type { TestDatabase } from '../support/test-database.js';
import { startTestService, testSecret, type TestService } from '../support/test-service.js';
import { until } from '../support/until.js';
import { databaseRoutes, expectUnavailable } from '../support/unavailable.js';
import { useFaultyDatabase } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
let network: FaultyNetwork;
let service: TestService;
let visitor: Visitor;

useFaultyDatabase((started) => ({ testDatabase, network } = started), 'file');
beforeAll(async () => {
  service = await startTestService({ testDatabase, env: { DATABASE_URL: network.url } });
  visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
});
afterAll(() => service.stop());

beforeEach(() => network.goDown());
afterEach(() => network.heal());

test.each(Object.entries(databaseRoutes))(
  'with the database down, %s returns 503 and keeps the cookie',
  async (_route, ask) => {
    const before = visitor.cookieHeader;
    expectUnavailable(await ask(visitor));
    expect(visitor.cookieHeader).toBe(before);
  },
);

test('with the database down, a session check has the reason for an unknown result', async () => {
  for (const path of ['/session', '/api/auth/get-session']) {
    const answer = await visitor.ask(path);
    expect(answer.headers.get('x-session-reason')).toBe('database_unavailable');
    expect(answer.json).toMatchObject({ reason: 'database_unavailable' });
  }
});

test('with the database down, the log line of a sign-in says so, with any number of cookies', async () => {
  const token = 'a'.repeat(32);
  const cookies = [visitor.sessionCookie, await signCookie(token, testSecret)];
  for (const sent of [cookies.slice(0, 1), cookies]) {
    const cookie = sent.map((value) => `better-auth.session_token=${value}`).join('; ');
    const { email, password } = visitor;
    const body = { email, password };
    const answer = await new Visitor(service).ask('/api/auth/sign-in/email', {
      body,
      headers: { cookie },
    });
    expectUnavailable(answer);
    const id = answer.headers.get('x-request-id');
    const line = await service.logLine((one) => one.msg === 'request' && one.requestId === id);
    expect(line, `${sent.length} cookies`).toMatchObject({
      level: 'error',
      outcome: 'unavailable',
    });
    expect(line.clientNetwork).toMatch(/\/24$/);
  }
});

test('with the database down, requests that need no database still succeed, including missing and forged cookies', async () => {
  const otherVisitor = new Visitor(service);
  const missing = await otherVisitor.ask('/session');
  expect(missing.status).toBe(401);
  expect(missing.json).toMatchObject({ reason: 'no_credential' });
  const cookie = `better-auth.session_token=x${visitor.sessionCookie}`;
  const forged = await otherVisitor.ask('/session', { headers: { cookie } });
  expect(forged.status).toBe(401);
  expect(forged.json).toMatchObject({ reason: 'bad_signature' });
  expect((await otherVisitor.ask('/health')).status).toBe(200);
  expect((await otherVisitor.ask('/no-such-route')).status).toBe(404);
});

test('with the database down, /health returns 200 and /ready says what is missing', async () => {
  expect((await visitor.ask('/health')).json).toEqual({ status: 'ok' });
  const ready = await until(async () => {
    const answer = await visitor.ask('/ready'); // a result of the last second may be cached
    return answer.status === 503 && answer;
  });
  expect(ready.json).toMatchObject({
    code: 'NOT_READY',
    checks: { database: 'unavailable' },
    requestId: ready.headers.get('x-request-id'),
  });
  expect(ready.headers.get('retry-after')).toBe('5');
});

test('when the database is back, the same cookie works again', async () => {
  expectUnavailable(await visitor.ask('/session'));
  expectUnavailable(await visitor.getSession());
  await network.heal();
  const seen = await visitor.ask('/session');
  expect(seen.headers.get('x-session-reason')).toBe('valid');
  expect((await visitor.getSession()).json).toMatchObject({ user: { email: visitor.email } });
  await until(async () => (await visitor.ask('/ready')).status === 200);
});

test('each failure is logged without the token, the password or the e-mail address', async () => {
  const answer = await visitor.ask('/session');
  const requestId = answer.headers.get('x-request-id');
  const line = await service.logLine(
    (line) => line.requestId === requestId && line.msg === 'request',
  );
  expect(line).toMatchObject({ level: 'error', err: { cause: { code: 'ECONNREFUSED' } } });
  const token = decodeURIComponent(visitor.sessionCookie).split('.')[0];
  for (const secret of [token, visitor.password, visitor.email]) {
    expect(service.logText()).not.toContain(secret);
  }
});
