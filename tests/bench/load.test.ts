import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { load, sessionChecks } from '../../bench/load.js';

const visitors = ['ada', 'bob', 'eve', 'kim'].map((userId) => ({
  cookie: userId,
  token: userId,
  userId,
}));

/** Twelve checks, three per visitor, handled by `listener`. */
async function loadOf(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await load(
      { name: 'a contender', url: `http://127.0.0.1:${port}` },
      { requests: sessionChecks('/session', visitors), connections: 2, span: { requests: 12 } },
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const aboutUser = (id: string | undefined) => JSON.stringify({ session: {}, user: { id } });

test('every visitor’s request is sent in turn, and each response time is recorded', async () => {
  const asked: (string | undefined)[] = [];
  const { latenciesMs } = await loadOf((req, res) => {
    asked.push(req.headers.cookie);
    res.end(aboutUser(req.headers.cookie));
  });
  expect(asked.sort().join(' ')).toBe('ada ada ada bob bob bob eve eve eve kim kim kim');
  expect(latenciesMs).toHaveLength(12);
});

test.each<[string, RequestListener, RegExp]>([
  [
    'about another user',
    (req, res) => res.end(aboutUser(req.headers.cookie === 'bob' ? 'ada' : req.headers.cookie)),
    /^a contender: of 12 responses 3 were wrong.*200.*"ada"/,
  ],
  [
    'with another status',
    (req, res) => res.writeHead(503).end(aboutUser(req.headers.cookie)),
    /of 12 responses 12 were wrong.*503/,
  ],
  ['without a user', (_req, res) => res.end('null'), /of 12 responses 12 were wrong.*200 null/],
])('a response %s makes the measurement fail', async (_name, listener, message) => {
  await expect(loadOf(listener)).rejects.toThrow(message);
});
