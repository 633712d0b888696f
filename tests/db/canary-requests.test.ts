import { afterAll, beforeAll, test } from 'vitest';
import { startCanaryServer, type CanaryServer } from '../support/canary-server.js';
import { sendRaw } from '../support/raw-socket.js';
import { testIpHeader } from '../support/test-service.js';

let server: CanaryServer;
beforeAll(async () => {
  server = await startCanaryServer();
}, 60_000);
afterAll(() => server.stop());

test('malformed bodies', async () => {
  const visitor = server.newVisitor();
  const { email, password } = visitor;
  const whole = JSON.stringify({ name: email, email, password });
  const bodies = [
    whole.slice(0, -1),
    `${email} ${password}`,
    `[${whole}]`,
    JSON.stringify({ name: { email }, email: [email], password: { password } }),
    JSON.stringify({ name: 'x', email: `${email}\n`, password }),
    JSON.stringify({ name: 'x', email: email.replace('@', ' at '), password }),
    JSON.stringify({ name: 'x', email, password: password.slice(0, 7) }),
    JSON.stringify({ name: `${email}\0`, email, password }),
    JSON.stringify({ name: 'x', email, password, callbackURL: `https://evil.test/?${password}` }),
    whole.padEnd(200_000),
    new URLSearchParams({ email, password }).toString(),
  ];
  for (const body of bodies) {
    const sender = server.newVisitor(); // each from its own address, so that no rate limit applies
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain']) {
      const headers = { [testIpHeader]: sender.ip, 'content-type': type };
      await sender.ask('/api/auth/sign-up/email', { body, headers });
    }
    await server.expectSilence(sender);
  }
});

test('tokens, addresses and passwords in paths, queries and headers', async () => {
  const visitor = server.newVisitor();
  await visitor.signUp();
  const { email, password } = visitor;
  const [token = ''] = decodeURIComponent(visitor.sessionCookie).split('.');
  for (const value of [token, visitor.sessionCookie, email, encodeURIComponent(email)]) {
    for (const path of ['/', '/session/', '/api/auth/', '/api/auth/reset-password/', '/%E0%A4/']) {
      await visitor.ask(path + value);
    }
  }
  for (const value of [token, email, password]) {
    for (const path of ['/session', '/api/auth/get-session', '/api/auth/verify-email', '/ready']) {
      await visitor.ask(`${path}?callbackURL=https://evil.test/?${value}`);
      await visitor.ask(`${path}?token=${value}&callbackURL=/x`);
    }
  }
  const injected = `x%0d%0aX-Leak: ${email}`;
  await sendRaw(server, [`GET /session?${password} HTTP/1.1`, `X-Request-Id: ${email} ${token}`]);
  await sendRaw(server, [
    'GET /session HTTP/1.1',
    `X-Request-Id: ${injected}`,
    `Referer: /${token}`,
  ]);
  await sendRaw(server, ['GET /session HTTP/1.1', `User-Agent: ${email}`, `X-Real-IP: ${email}`]);
  await sendRaw(server, ['GET /session HTTP/1.1', `Origin: https://${email}/${token}`]);
  await visitor.ask('/api/auth/sign-out', { body: {}, origin: `https://${token}.example` });
  await server.expectSilence(visitor);
});
