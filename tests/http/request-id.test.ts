import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Answered by different parts of the service: routes, BetterAuth, parsers, rejections. */
const requests = [
  ['GET', '/health', undefined],
  ['GET', '/session', undefined],
  ['GET', '/api/auth/get-session', undefined],
  ['POST', '/api/auth/sign-in/email', '{'],
  ['GET', '/api/auth/%E0%A4%A', undefined],
  ['GET', '/nothing', undefined],
  ['DELETE', '/session', undefined],
  ['POST', '/api/auth/sign-in/email', 'x'.repeat(102_401)],
  ['OPTIONS', '/session', undefined],
] as const;

describe.each(requests)('%s %s', (method, path, body) => {
  const ask = (id: string) =>
    new Visitor(service).ask(path, { method, body, headers: { 'x-request-id': id } });

  test.each(['a', '0189-abc_DEF.7:8', '9'.repeat(128)])(
    'keeps the well-formed id %s',
    async (id) => {
      const answer = await ask(id);
      expect(answer.headers.get('x-request-id')).toBe(id);
      if (answer.json && 'requestId' in answer.json) expect(answer.json.requestId).toBe(id);
    },
  );

  test.each([
    '4bf92f3577b34da6a3ce929d0e0e4736',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    'Req-4b0c2f6e-6d0a-4c57-9f6b-0e6f5a1d2c3b',
    'fra1::iad1::x7k2m-1700000000000-0123456789ab',
  ])('keeps what proxies and libraries make: %s', async (id) => {
    expect((await ask(id)).headers.get('x-request-id')).toBe(id);
  });

  test.each([
    'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vX',
    'aB3dE5fG7hI9jK1lM3nO5pQ7',
    'trace:aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vX',
    'k3-Zx_9QmT7wYb2LrV5nHs8dJf4gPc6aXe1uWi0oAqE',
    'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhZGEifQ.k3-Zx_9QmT7wYb2LrV5nHs8dJf4gPc6aXe1uWi0oAqE',
    'victim@example.org',
  ])('replaces what looks like a credential or an address: %s', async (id) => {
    expect((await ask(id)).headers.get('x-request-id')).toMatch(uuid);
    expect(service.logText()).not.toContain(id);
  });

  test.each(['', '9'.repeat(129), 'two words', 'a,b', '{"a":1}', '<b>', 'ü', 'a/b', '%0a'])(
    'replaces the malformed id %j',
    async (id) => {
      const answer = await ask(id);
      expect(answer.headers.get('x-request-id')).toMatch(uuid);
    },
  );
});

test('generated ids are unique', async () => {
  const ids = new Set<string | null>();
  for (let time = 1; time <= 20; time += 1) {
    ids.add((await new Visitor(service).ask('/health')).headers.get('x-request-id'));
  }
  expect(ids.size).toBe(20);
});

test('the log line of a request has the id of its response', async () => {
  const id = 'joined-with-the-log';
  await new Visitor(service).ask('/session', { headers: { 'x-request-id': id } });
  const line = await service.logLine(({ msg, requestId }) => msg === 'request' && requestId === id);
  expect(line).toMatchObject({ path: '/session', status: 401 });
});
