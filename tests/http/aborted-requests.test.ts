import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FaultyNetwork } from '../support/faulty-network.js';
import type { TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { useFaultyDatabase } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let testDatabase: TestDatabase;
let network: FaultyNetwork;
let service: TestService;
useFaultyDatabase((started) => ({ testDatabase, network } = started), 'file');
beforeAll(async () => {
  service = await startTestService({
    testDatabase,
    env: { DATABASE_URL: network.url },
    databaseTimeouts: { connectTimeoutMs: 500, queryTimeoutMs: 500 },
  });
  await service.logStartupReport();
});
afterAll(() => service.stop());

async function send(head: readonly string[], body = ''): Promise<Socket> {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write([...head, 'Host: localhost', '', body].join('\r\n'));
  return socket;
}

const requestLines = (id: string) =>
  service.logLines().filter(({ msg, requestId }) => msg === 'request' && requestId === id);

test('a client that disconnects while sending its body causes one log line, marked as aborted', async () => {
  const head = ['POST /api/auth/sign-in/email HTTP/1.1', 'X-Request-Id: half-a-body'];
  const json = ['Content-Type: application/json', 'Origin: http://localhost:3000'];
  const socket = await send([...head, ...json, 'Content-Length: 500'], '{"email":');
  await new Visitor(service).ask('/health'); // the first half has arrived by now
  socket.destroy();
  await service.logLine(() => requestLines('half-a-body').length > 0);
  const [line] = requestLines('half-a-body');
  expect(line).toMatchObject({ level: 'info', aborted: true });
  expect(requestLines('half-a-body')).toHaveLength(1);
});

test('a client that disconnects while the database does not respond causes one log line, marked as aborted', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  network.freeze();
  const head = ['GET /session HTTP/1.1', 'X-Request-Id: silent', `Cookie: ${visitor.cookieHeader}`];
  const socket = await send(head);
  await new Visitor(service).ask('/health');
  socket.destroy();
  const line = await service.logLine(({ requestId }) => requestId === 'silent');
  expect(line).toMatchObject({ msg: 'request', aborted: true });
  // The query ends later, when the client has disconnected.
  await network.heal();
  expect((await visitor.ask('/session')).status).toBe(200);
  expect(requestLines('silent')).toHaveLength(1);
});

test('a request that receives its response is not marked as aborted', async () => {
  await new Visitor(service).ask('/health', { headers: { 'x-request-id': 'patient' } });
  const line = await service.logLine(({ requestId }) => requestId === 'patient');
  expect(line).not.toHaveProperty('aborted');
});
