import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectOnce } from '../src/db/client.js';
import { startServer, type ServiceProcess } from './support/child-process.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';
import { testEnvironment, testIpHeader } from './support/test-service.js';
import { until } from './support/until.js';
import { Visitor } from './support/visitor.js';

/** Less than any timeout of an idle connection; with a margin for a busy machine. */
const promptMs = 10_000;
/** A separate process takes seconds to load on a busy machine. */
const timeout = 180_000;

let testDatabase: TestDatabase;
let server: ServiceProcess;
let port: number;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

const environment = (port: string) =>
  ({ ...testEnvironment, DATABASE_URL: testDatabase.url, PORT: port }) as Record<string, string>;

const newVisitor = () => new Visitor({ url: `http://127.0.0.1:${port}` });

async function isRefused(): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const error = await once(socket, 'connect').then(
    () => undefined,
    (error: unknown) => error,
  );
  socket.destroy();
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

/** Background work may wait as well. */
async function areWaitingForALock(count: number): Promise<void> {
  const text = `select 1 from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'`;
  await until(async () => (await testDatabase.query(text, [testDatabase.name])).length >= count);
}

/** Starts a sign-up that the service has accepted, and returns the function that sends its last byte. */
async function beginSignUp({ email, password, ip }: Visitor) {
  const body = JSON.stringify({ name: 'A Visitor', email, password });
  const sending = request(`http://127.0.0.1:${port}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: {
      [testIpHeader]: ip,
      'content-type': 'application/json',
      'content-length': body.length,
      expect: '100-continue',
    },
  });
  sending.write(body.slice(0, -1));
  await once(sending, 'continue');
  return async function finish() {
    const arrives = once(sending, 'response');
    sending.end(body.slice(-1));
    const [response] = (await arrives) as [IncomingMessage];
    const text = (await response.setEncoding('utf8').toArray()).join('');
    return { status: response.statusCode, cookies: response.headers['set-cookie'], text };
  };
}

/** Opens a connection, sends a part of a request, and leaves it open. */
async function leaveOpen(sent: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(sent);
  if (sent.endsWith('\r\n\r\n')) await once(socket, 'data');
  return socket;
}

describe('on SIGTERM', { timeout }, () => {
  beforeEach(async () => {
    server = startServer(environment('0'));
    port = Number((await server.logLine(({ msg }) => msg === 'listening')).port);
  }, timeout);
  afterEach(async () => {
    await server.stop();
  });

  test('requests in flight are answered, new connections are refused, and the process exits with 0', async () => {
    const visitor = newVisitor();
    expect((await visitor.signUp()).status).toBe(200);
    const newUsers = [newVisitor(), newVisitor(), newVisitor()];
    const signUps = await Promise.all(newUsers.map(beginSignUp));
    const lock = await connectOnce(testDatabase.url);
    await lock.query('begin; lock table session in access exclusive mode');
    const checks = [visitor.ask('/session')];
    await areWaitingForALock(1);
    checks.push(visitor.getSession()); // one turn later: not in the query of the first
    await areWaitingForALock(2);
    const ends = server.stop();
    await server.logLine(({ msg }) => msg.startsWith('stopping'));
    void server.stop(); // a second signal has no effect
    await until(isRefused);
    await lock.end();
    for (const answer of await Promise.all(checks)) {
      expect(answer.status).toBe(200);
      expect(answer.json).toMatchObject({ user: { email: visitor.email } });
    }
    for (const [index, answer] of (await Promise.all(signUps.map((go) => go()))).entries()) {
      expect(answer.status).toBe(200);
      expect(answer.cookies).toHaveLength(1);
      expect(JSON.parse(answer.text)).toMatchObject({ user: { email: newUsers[index]?.email } });
    }
    const answeredAt = performance.now();
    expect(await ends).toBe(0);
    expect(performance.now() - answeredAt).toBeLessThan(promptMs);
    expect(server.stderr()).toBe('');
    expect(server.logLines().at(-1)).toMatchObject({ msg: 'stopped' });
  });

  test('idle connections do not delay the exit', async () => {
    const sockets = await Promise.all(
      ['', 'GET /hea', 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n'].map(leaveOpen),
    );
    const startedAt = performance.now();
    expect(await server.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(promptMs);
    for (const socket of sockets) socket.destroy();
  });
});

test(
  'a port in use causes exit status 1 and one log line without a stack',
  { timeout },
  async () => {
    const taken = createServer().listen(0);
    await once(taken, 'listening');
    const second = startServer(environment(String((taken.address() as AddressInfo).port)));
    expect(await second.exit).toBe(1);
    expect(second.logLines()).toMatchObject([
      {
        level: 'fatal',
        variable: 'PORT',
        msg: /^port \d+ is in use: stop the process that uses it/,
      },
    ]);
    expect(second.stderr()).toBe('');
    expect(second.stdout()).not.toContain('    at ');
    taken.close();
  },
);
