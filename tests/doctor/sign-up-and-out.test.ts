/** Sign-up and sign-out that do not do what they should, behind a proxy that makes the fault. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { complaints, startDeployment, type Deployment } from '../support/doctor.js';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment.stop());
afterEach(async () => {
  deployment.proxy.faults = {};
  await deployment.service.database.query('delete from rate_limit');
  await deployment.service.database.query('delete from "user"');
});

/** Answers in the service's place at one endpoint. */
const at =
  (path: string, status: number, body: object) => (req: IncomingMessage, res: ServerResponse) => {
    if (req.url !== `/api/auth/${path}` || req.method !== 'POST') return false;
    const origin = req.headers.origin ?? '';
    const allowed = { 'access-control-allow-origin': origin, vary: 'Origin' };
    const headers = { ...allowed, 'access-control-allow-credentials': 'true' };
    res.writeHead(status, { ...headers, 'content-type': 'application/json' });
    res.end(JSON.stringify(body));
    return true;
  };

const probe = () => deployment.diagnose({ probeUser: true });

test.each([
  [500, { code: 'INTERNAL_ERROR' }, 'fail SIGN_UP_FAILED'],
  [429, { code: 'TOO_MANY_REQUESTS' }, 'unknown SIGN_UP_LIMITED'],
  [200, { token: null, user: {} }, 'warn SIGN_UP_WITHOUT_SESSION'],
])('a sign-up that answers %i with %o', async (status, body, expected) => {
  deployment.proxy.faults = { answer: at('sign-up/email', status, body) };
  expect(complaints(await probe())).toContain(expected);
});

test('a sign-out that fails', async () => {
  let times = 0;
  const fails = at('sign-out', 500, { code: 'INTERNAL_ERROR' });
  // The one of the probe user: that it is refused to hostile origins is looked at before.
  const isTheUsers = (req: IncomingMessage) => (req.headers.cookie ?? '').includes('session_token');
  deployment.proxy.faults = {
    answer: (req, res) => isTheUsers(req) && fails(req, res) && (times += 1) > 0,
  };
  expect(complaints(await probe())).toContain('fail SIGN_OUT_FAILED');
  expect(times).toBeGreaterThan(0);
});

test.each([
  [/; Partitioned/i, ''],
  [/Max-Age=0/i, 'Max-Age=60'],
])('a sign-out that clears a cookie in another way than it was set: %s', async (from, to) => {
  const split = await startDeployment({
    host: 'auth.example.com',
    origin: 'https://docs.example.org',
  });
  split.proxy.faults = {
    response(headers, req) {
      if (req.url !== '/api/auth/sign-out') return;
      const lines = [headers['set-cookie'] ?? []].flat();
      if (lines.length > 0) headers['set-cookie'] = lines.map((line) => line.replace(from, to));
    },
  };
  const findings = await split.diagnose({ probeUser: true });
  await split.stop();
  expect(complaints(findings)).toEqual(['warn COOKIE_SAFARI', 'fail COOKIE_NOT_CLEARED']);
});

test('a sign-out after which a cache goes on answering for the service', async () => {
  let isSignedOut = false;
  deployment.proxy.faults = {
    response: (_headers, req) => {
      if (req.url === '/api/auth/sign-out' && req.headers.cookie) isSignedOut = true;
    },
    answer: (req, res) => {
      if (!isSignedOut || req.url !== '/session') return false;
      res.writeHead(200, { 'content-type': 'application/json', 'x-session-reason': 'valid' });
      res.end(JSON.stringify({ session: {}, user: {} }));
      return true;
    },
  };
  expect(complaints(await probe())).toContain('fail SIGN_OUT_WITHOUT_EFFECT');
});

test('nobody is signed up where no origin is trusted, not even its own', async () => {
  deployment.proxy.faults = { answer: at('sign-out', 403, { code: 'INVALID_ORIGIN' }) };
  expect(complaints(await probe())).toContain('unknown NOBODY_SIGNED_UP');
});

describe('a server that says 429 and asks for an hour', () => {
  const limited = (paths: readonly string[]) => (req: IncomingMessage, res: ServerResponse) => {
    if (!paths.some((path) => req.url === `/api/auth/${path}`)) return false;
    res.writeHead(429, { 'content-type': 'application/json', 'retry-after': '3600' }).end('{}');
    return true;
  };

  async function waitsFor(...paths: string[]) {
    const waits: number[] = [];
    deployment.proxy.faults = { answer: limited(paths) };
    const findings = await deployment.diagnose({
      probeUser: true,
      wait: (seconds) => Promise.resolve(void waits.push(seconds)),
    });
    return { findings, seconds: waits.reduce((sum, each) => sum + each, 0) };
  }

  test('of sign-up is told so, and nobody is there to be deleted', async () => {
    const { findings, seconds } = await waitsFor('sign-up/email', 'sign-in/email');
    expect(seconds).toBe(30);
    const told = complaints(findings);
    expect(told).toContain('unknown SIGN_UP_LIMITED');
    expect(told).not.toContain('fail PROBE_USER_REMAINS');
    expect(findings.find(({ code }) => code === 'SIGN_UP_LIMITED')?.seen).toContain(
      'for longer than the 30 s that this command waits',
    );
  });

  test.each(['sign-in/email', 'delete-user'])(
    'of %s leaves the user, and says why',
    async (path) => {
      const { findings, seconds } = await waitsFor(path);
      expect(seconds).toBeLessThanOrEqual(60);
      const remains = findings.find(({ code }) => code === 'PROBE_USER_REMAINS');
      expect(remains?.seen).toContain('for longer than the 30 s that this command waits');
    },
  );
});
