/** The cookie that a sign-up sets, behind proxies that change it and across sites. */
import type { OutgoingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import {
  failedFindings,
  startDeployment,
  useDeployment,
  usersOf,
  type Deployment,
} from './support/deployment.js';

let deployment: Deployment;
useDeployment((started) => (deployment = started));
afterEach(async () => {
  expect(await usersOf(deployment)).toEqual([]);
});

const probeUser = true;

const isSessionCookie = (line: string) => line.includes('.session_token=');

/** Rewrites every Set-Cookie line, including the one of sign-out. */
function rewriteCookies(change: (line: string) => string) {
  return (headers: OutgoingHttpHeaders) => {
    const lines = headers['set-cookie'];
    if (lines === undefined) return;
    headers['set-cookie'] = [lines].flat().map((line) => change(line));
  };
}

describe('each Set-Cookie fault of a proxy has a code of its own:', () => {
  test('removes it, so that the user cannot be deleted and is named', async () => {
    deployment.proxy.faults = { response: (headers) => delete headers['set-cookie'] };
    const findings = await deployment.diagnose({ probeUser });
    expect(failedFindings(findings)).toEqual([
      'fail SET_COOKIE_MISSING',
      'fail PROBE_USER_REMAINS',
    ]);
    const [left] = await usersOf(deployment);
    const email = String(left?.email);
    expect(email).toMatch(/^doctor-[0-9a-f]{10}@auth-service\.invalid$/);
    expect(findings.at(-1)?.message).toContain(email);
    await deployment.service.database.query('delete from "user"');
  });

  test('removes it only from sign-up', async () => {
    deployment.proxy.faults = {
      response(headers, req) {
        if (req.url === '/api/auth/sign-up/email') delete headers['set-cookie'];
      },
    };
    const findings = await deployment.diagnose({ probeUser });
    expect(failedFindings(findings)).toEqual(['fail SET_COOKIE_MISSING']);
  });

  test.each([
    ['removes HttpOnly', 'COOKIE_NOT_HTTPONLY', (line: string) => line.replace(/; HttpOnly/i, '')],
    [
      'changes the path',
      'COOKIE_PATH',
      (line: string) => line.replace(/; Path=\//i, '; Path=/auth'),
    ],
    [
      'adds a Domain that is a public suffix',
      'COOKIE_DOMAIN_REFUSED',
      (line: string) => `${line}; Domain=.vercel.app`,
    ],
    [
      "adds another host's Domain",
      'COOKIE_DOMAIN_REFUSED',
      (line: string) => `${line}; Domain=example.com`,
    ],
    [
      'makes it SameSite=None without Secure',
      'COOKIE_NEEDS_SECURE',
      (line: string) => line.replace(/SameSite=Lax/i, 'SameSite=None'),
    ],
    [
      'makes it Partitioned without Secure',
      'COOKIE_NEEDS_SECURE',
      (line: string) => `${line}; Partitioned`,
    ],
  ])('%s', async (_what, code, change) => {
    deployment.proxy.faults = { response: rewriteCookies(change) };
    const findings = await deployment.diagnose({ probeUser });
    expect(failedFindings(findings)).toEqual([`fail ${code}`]);
  });

  test('removes the clearing cookie of sign-out', async () => {
    deployment.proxy.faults = {
      response(headers, req) {
        if (req.url === '/api/auth/sign-out') delete headers['set-cookie'];
      },
    };
    const findings = await deployment.diagnose({ probeUser });
    expect(failedFindings(findings)).toEqual(['fail COOKIE_NOT_CLEARED']);
  });

  test('makes it larger than browsers accept', async () => {
    const padding = 'x'.repeat(4096);
    deployment.proxy.faults = {
      response: rewriteCookies((line) => line.replace('=', `=${padding}`)),
      request(headers) {
        headers.cookie &&= headers.cookie.replaceAll(padding, '');
      },
    };
    const findings = await deployment.diagnose({ probeUser });
    expect(failedFindings(findings)).toEqual(['fail COOKIE_TOO_LARGE']);
    expect(findings.find(({ status }) => status === 'fail')?.message).toMatch(/has 4\d{3} bytes$/);
  });

  test('empties it', async () => {
    const emptied = (line: string) => line.replace(/(session_token=)[^;]+/, '$1');
    deployment.proxy.faults = {
      response(headers, req) {
        if (req.url === '/api/auth/sign-up/email') rewriteCookies(emptied)(headers);
      },
    };
    const findings = await deployment.diagnose({ probeUser });
    expect(failedFindings(findings)).toEqual(['fail COOKIE_EXPIRED']);
  });

  test('adds the prefix without Secure', async () => {
    deployment.proxy.faults = {
      response: rewriteCookies((line) => (isSessionCookie(line) ? `__Secure-${line}` : line)),
      request(headers) {
        headers.cookie &&= headers.cookie.replace(/^__Secure-/, '');
      },
    };
    const findings = await deployment.diagnose({ probeUser });
    expect(failedFindings(findings)).toContain('fail COOKIE_NEEDS_SECURE');
  });
});

describe('sites and browsers:', () => {
  test('a TLS proxy that removes Secure exposes the cookie to http', async () => {
    const insecure = await startDeployment({ host: 'auth.example.com' });
    insecure.proxy.faults = {
      response: rewriteCookies((line) => line.replace(/^__Secure-|; Secure/gi, '')),
      request(headers) {
        headers.cookie &&= `__Secure-${headers.cookie}`;
      },
    };
    const findings = await insecure.diagnose({ probeUser });
    await insecure.stop();
    expect(failedFindings(findings)).toContain('fail COOKIE_NOT_SECURE');
  });

  test('a service configured for https and called over http sets a cookie that browsers drop', async () => {
    const https = await startDeployment({
      env: {
        BETTER_AUTH_URL: 'https://auth.example.com',
        BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.com',
      },
    });
    const findings = await https.diagnose({
      authUrl: `http://auth.example.com:${https.proxy.port}`,
      origins: ['https://docs.example.com'],
      probeUser,
    });
    await https.stop();
    expect(failedFindings(findings)).toContain('fail COOKIE_SECURE_OVER_HTTP');
  });

  test('a page on another site gets a partitioned cookie, which older versions of Safari drop', async () => {
    const crossSite = await startDeployment({
      host: 'auth.vercel.app',
      origin: 'https://docs.vercel.app',
    });
    const findings = await crossSite.diagnose({ probeUser });
    await crossSite.stop();
    expect(failedFindings(findings)).toEqual(['warn COOKIE_SAFARI']);
    expect(findings.find(({ status }) => status === 'warn')?.message).toContain(
      'vercel.app is a public suffix',
    );
  });

  test.each([
    ['without Partitioned', 'warn COOKIE_NOT_PARTITIONED', /; Partitioned/i, ''],
    ['made Lax', 'fail COOKIE_SAMESITE', /SameSite=None/i, 'SameSite=Lax'],
    ['without Secure', 'fail COOKIE_NEEDS_SECURE', /; Secure/i, ''],
  ])('a cookie for another site %s is reported', async (_what, expected, from, to) => {
    const crossSite = await startDeployment({
      host: 'auth.example.com',
      origin: 'https://docs.example.org',
    });
    crossSite.proxy.faults = { response: rewriteCookies((line) => line.replace(from, to)) };
    const findings = await crossSite.diagnose({ probeUser });
    await crossSite.stop();
    expect(failedFindings(findings)[0]).toBe(expected);
  });

  test('every browser accepts the cookie on one site over https', async () => {
    const sameSite = await startDeployment({ host: 'auth.example.com' });
    const findings = await sameSite.diagnose({ probeUser });
    await sameSite.stop();
    expect(failedFindings(findings)).toEqual([]);
    expect(findings.some(({ code }) => code === 'COOKIE_SENT')).toBe(true);
  });
});
