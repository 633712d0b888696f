/** A server may respond with anything: the run ends, and no response writes to the terminal. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createRedaction } from '../src/redact.js';
import { failedFindings, diagnose } from './support/deployment.js';

const origins = ['http://127.0.0.1:3000'];

async function listening(handle: (req: IncomingMessage, res: ServerResponse) => void) {
  const server = createServer(handle).listen(0, '127.0.0.1');
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

/** Imitates the service with invalid values: truncated encodings, lone surrogates, objects instead of strings. */
function imitate(req: IncomingMessage, res: ServerResponse) {
  const csi = '\u009b31m'; // an eight-bit escape sequence, which a header may contain
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

test('a server that imitates the service is checked to the end', async () => {
  const server = await listening(imitate);
  const { registerSecret, redact } = createRedaction();
  const findings = await diagnose({
    authUrl: server.authUrl,
    origins,
    probeUser: true,
    probeRateLimits: true,
    apiUrl: `${server.authUrl}/me`,
    registerSecret,
  });
  await server.close();
  expect(new Set(findings.map(({ section }) => section))).toContain('Sign-out');
  expect(redact(JSON.stringify(findings))).not.toMatch(/\p{Cc}/u);
});

test('an endless body counts as no response', async () => {
  const server = await listening((_req, res) => {
    const more = () => {
      if (res.writable) res.write('x'.repeat(65_536), more);
    };
    more();
  });
  const findings = await diagnose({ authUrl: server.authUrl, origins });
  await server.close();
  expect(failedFindings(findings)).toEqual(['unknown NO_RESPONSE', 'unknown NOT_CHECKED']);
  expect(findings[0]?.message).toContain('BODY_TOO_LARGE');
});

test('a redirect loop is reported and not followed', async () => {
  let calls = 0;
  const server = await listening((req, res) => {
    calls += 1;
    res.writeHead(307, { location: req.url }).end();
  });
  const findings = await diagnose({ authUrl: server.authUrl, origins });
  await server.close();
  expect(failedFindings(findings)).toEqual(['fail REDIRECT', 'unknown NOT_CHECKED']);
  expect(calls).toBe(1);
});

test('a switch of protocols counts as no response', async () => {
  const server = await listening((req) => {
    req.socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    );
  });
  const findings = await diagnose({ authUrl: server.authUrl, origins });
  await server.close();
  expect(failedFindings(findings)).toEqual(['unknown NO_RESPONSE', 'unknown NOT_CHECKED']);
  expect(findings[0]?.message).toContain('SWITCHED_PROTOCOLS');
});
