/** A real server that accepts connections but hangs, as after `kill -STOP`, at each stage of a request. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
} from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { createAuth } from '../src/client/create-auth.js';
import { readOptions } from '../src/options.js';

const servers: { close(): void }[] = [];
afterAll(() => servers.forEach((server) => server.close()));

async function listen(server: Server | TcpServer): Promise<string> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  servers.push({
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** @param stage `second request` answers the sign-in, and hangs at the session request after it */
function hangingAt(stage: 'connection' | 'headers' | 'body' | 'second request') {
  if (stage === 'connection') return createTcpServer(() => undefined);
  return createServer((request, response) => {
    const head = { 'content-type': 'application/json' };
    if (stage === 'second request' && request.url?.includes('/sign-in/')) {
      response.writeHead(200, head).end('{"token":"t","user":{"id":"u"}}');
    } else if (stage === 'body') {
      response.writeHead(200, head).write('{"user":');
    }
  });
}

test.concurrent.each(['connection', 'headers', 'body', 'second request'] as const)(
  'hanging at the %s: after about ten seconds the message says that the result is unknown',
  { timeout: 60_000 },
  async (stage) => {
    const authUrl = await listen(hangingAt(stage));
    const auth = createAuth(readOptions({ authUrl }), {
      fetch: globalThis.fetch,
      pageOrigin: 'http://127.0.0.1:1',
      sessionStorage: undefined,
      warn: () => undefined,
    });
    const startedAt = performance.now();
    const [outcome] = await Promise.all([
      auth.actions.signIn({ email: 'ada@example.com', password: 'x' }),
      auth.sessions.recheck(),
    ]);
    const seconds = (performance.now() - startedAt) / 1000;
    expect(seconds).toBeGreaterThan(5);
    expect(seconds).toBeLessThan(20); // 10 and 12, on a machine under load
    expect(outcome).toMatchObject({
      ok: false,
      message: expect.stringMatching(/did not answer in time, so it is not known/) as string,
    });
    expect(auth.sessions.state()).toMatchObject({
      status: 'unknown',
      problem: expect.stringMatching(/not known whether you are signed in/) as string,
    });
  },
);
