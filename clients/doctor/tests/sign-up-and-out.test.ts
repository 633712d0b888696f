/** Sign-up and sign-out that fail, behind a proxy that causes it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import {
  failedFindings,
  startDeployment,
  useDeployment,
  type Deployment,
} from './support/deployment.js';

let deployment: Deployment;
useDeployment((started) => (deployment = started));
afterEach(async () => {
  await deployment.service.database.query('delete from "user"');
});

/** Responds instead of the service at one endpoint. */
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
  [400, { code: 'INVALID_PROFILE' }, 'unknown SIGN_UP_SKIPPED'],
  [200, { token: null, user: {} }, 'warn SIGN_UP_WITHOUT_SESSION'],
])('a sign-up that responds %i with %o', async (status, body, expected) => {
  deployment.proxy.faults = { respond: at('sign-up/email', status, body) };
  expect(failedFindings(await probe())).toContain(expected);
});

test('a sign-out that fails', async () => {
  let times = 0;
  const fails = at('sign-out', 500, { code: 'INTERNAL_ERROR' });
  // Only that of the temporary user; the requests without a cookie check the origins.
  const isOfUser = (req: IncomingMessage) => (req.headers.cookie ?? '').includes('session_token');
  deployment.proxy.faults = {
    respond: (req, res) => isOfUser(req) && fails(req, res) && (times += 1) > 0,
  };
  expect(failedFindings(await probe())).toContain('fail SIGN_OUT_FAILED');
  expect(times).toBeGreaterThan(0);
});

test.each([
  [/; Partitioned/i, ''],
  [/Max-Age=0/i, 'Max-Age=60'],
])('a sign-out that clears the cookie with other attributes: %s', async (from, to) => {
  const crossSite = await startDeployment({
    host: 'auth.example.com',
    origin: 'https://docs.example.org',
  });
  crossSite.proxy.faults = {
    response(headers, req) {
      if (req.url !== '/api/auth/sign-out') return;
      const lines = [headers['set-cookie'] ?? []].flat();
      if (lines.length > 0) headers['set-cookie'] = lines.map((line) => line.replace(from, to));
    },
  };
  const findings = await crossSite.diagnose({ probeUser: true });
  await crossSite.stop();
  expect(failedFindings(findings)).toEqual(['warn COOKIE_SAFARI', 'fail COOKIE_NOT_CLEARED']);
});

test('a sign-out after which a cache still responds for the service', async () => {
  let isSignedOut = false;
  deployment.proxy.faults = {
    response: (_headers, req) => {
      if (req.url === '/api/auth/sign-out' && req.headers.cookie) isSignedOut = true;
    },
    respond: (req, res) => {
      if (!isSignedOut || req.url !== '/session') return false;
      res.writeHead(200, { 'content-type': 'application/json', 'x-session-reason': 'valid' });
      res.end(JSON.stringify({ session: {}, user: {} }));
      return true;
    },
  };
  expect(failedFindings(await probe())).toContain('fail SIGN_OUT_WITHOUT_EFFECT');
});

test('no user is signed up where no origin is trusted, not even its own', async () => {
  deployment.proxy.faults = { respond: at('sign-out', 403, { code: 'INVALID_ORIGIN' }) };
  expect(failedFindings(await probe())).toContain('unknown SIGN_UP_SKIPPED');
});

describe('a server that responds 429 with a Retry-After of an hour', () => {
  const limited = (paths: readonly string[]) => (req: IncomingMessage, res: ServerResponse) => {
    if (!paths.some((path) => req.url === `/api/auth/${path}`)) return false;
    res.writeHead(429, { 'content-type': 'application/json', 'retry-after': '3600' }).end('{}');
    return true;
  };

  async function waitsFor(...paths: string[]) {
    const waits: number[] = [];
    deployment.proxy.faults = { respond: limited(paths) };
    const findings = await deployment.diagnose({
      probeUser: true,
      wait: (seconds) => Promise.resolve(void waits.push(seconds)),
    });
    return { findings, seconds: waits.reduce((sum, each) => sum + each, 0) };
  }

  test('to sign-up is reported, and there is no user to delete', async () => {
    const { findings, seconds } = await waitsFor('sign-up/email', 'sign-in/email');
    expect(seconds).toBe(30);
    const failed = failedFindings(findings);
    expect(failed).toContain('unknown SIGN_UP_LIMITED');
    expect(failed).not.toContain('fail PROBE_USER_REMAINS');
    expect(findings.find(({ code }) => code === 'SIGN_UP_LIMITED')?.message).toContain(
      'for longer than the 30 s that this command waits',
    );
  });

  test.each(['sign-in/email', 'delete-user'])(
    'to %s leaves the user, and gives the cause',
    async (path) => {
      const { findings, seconds } = await waitsFor(path);
      expect(seconds).toBeLessThanOrEqual(60);
      const remains = findings.find(({ code }) => code === 'PROBE_USER_REMAINS');
      expect(remains?.message).toContain('for longer than the 30 s that this command waits');
    },
  );
});
