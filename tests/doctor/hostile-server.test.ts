/** Whoever answers may answer anything: the examination ends, and nothing of it writes into the terminal. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createRedaction } from '../../src/doctor/redact.js';
import { complaints, diagnose } from '../support/doctor.js';

const origins = ['http://127.0.0.1:3000'];

async function answering(answer: (req: IncomingMessage, res: ServerResponse) => void) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    authUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Plays the service, with what no service says: cut-off encodings, half characters, objects that are no text. */
function playing(req: IncomingMessage, res: ServerResponse) {
  const csi = '\u009b31m'; // an escape code of eight bits, which may stand in a header
  const bodies: Record<string, object> = {
    '/health': { status: 'ok' },
    '/ready': { status: csi, checks: { cache: { toString: 1, valueOf: 1 } } },
    '/api/auth/token': { token: '\ud800'.repeat(9) },
  };
  const cookie = `a.session_token=%ff%; SameSite=None${csi}; Path=/${csi}; Domain=${csi}`;
  const body = bodies[req.url ?? ''] ?? { success: true, user: {}, token: '\ud800'.repeat(9) };
  const headers = { 'content-type': 'application/json', 'set-cookie': cookie };
  res.writeHead(200, { ...headers, 'x-session-reason': csi }).end(JSON.stringify(body));
}

test('a server that plays the service with answers of its own is examined to the end', async () => {
  const server = await answering(playing);
  const { keep, redact } = createRedaction();
  const findings = await diagnose({
    authUrl: server.authUrl,
    origins,
    probeUser: true,
    probeRateLimits: true,
    apiUrl: `${server.authUrl}/me`,
    keepSecret: keep,
  });
  await server.close();
  expect(new Set(findings.map(({ section }) => section))).toContain('Sign-out');
  expect(redact(JSON.stringify(findings))).not.toMatch(/\p{Cc}/u);
});

test('a body without an end is no answer', async () => {
  const server = await answering((_req, res) => {
    const more = () => {
      if (res.writable) res.write('x'.repeat(65_536), more);
    };
    more();
  });
  const findings = await diagnose({ authUrl: server.authUrl, origins });
  await server.close();
  expect(complaints(findings)).toEqual(['unknown NO_ANSWER', 'unknown NOT_EXAMINED']);
  expect(findings[0]?.seen).toContain('BODY_TOO_LARGE');
});

test('redirects in a circle are told and not followed', async () => {
  let calls = 0;
  const server = await answering((req, res) => {
    calls += 1;
    res.writeHead(307, { location: req.url }).end();
  });
  const findings = await diagnose({ authUrl: server.authUrl, origins });
  await server.close();
  expect(complaints(findings)).toEqual(['fail REDIRECT', 'unknown NOT_EXAMINED']);
  expect(calls).toBe(1);
});

test('a server that switches protocols is no answer', async () => {
  const server = await answering((req) => {
    req.socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    );
  });
  const findings = await diagnose({ authUrl: server.authUrl, origins });
  await server.close();
  expect(complaints(findings)).toEqual(['unknown NO_ANSWER', 'unknown NOT_EXAMINED']);
  expect(findings[0]?.seen).toContain('SWITCHED_PROTOCOLS');
});
