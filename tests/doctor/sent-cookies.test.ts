/** What the doctor says of the cookie that a sign-up really sets, behind proxies that change it and between sites. */
import type { OutgoingHttpHeaders } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { complaints, startDeployment, usersOf, type Deployment } from '../support/doctor.js';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment.stop());
afterEach(async () => {
  deployment.proxy.faults = {};
  expect(await usersOf(deployment)).toEqual([]);
  await deployment.service.database.query('delete from rate_limit');
});

const probeUser = true;

const isSessionCookie = (line: string) => line.includes('.session_token=');

/** Rewrites what sets a cookie, sign-out's clearing as well. */
function rewriteCookies(change: (line: string) => string) {
  return (headers: OutgoingHttpHeaders) => {
    const lines = headers['set-cookie'];
    if (lines === undefined) return;
    headers['set-cookie'] = [lines].flat().map((line) => change(line));
  };
}

describe('what a proxy does to Set-Cookie is told by its own name:', () => {
  test('takes it away, so that the user cannot be deleted and is named', async () => {
    deployment.proxy.faults = { response: (headers) => delete headers['set-cookie'] };
    const findings = await deployment.diagnose({ probeUser });
    expect(complaints(findings)).toEqual(['fail SET_COOKIE_MISSING', 'fail PROBE_USER_REMAINS']);
    const [left] = await usersOf(deployment);
    const email = String(left?.email);
    expect(email).toMatch(/^doctor-[0-9a-f]{10}@auth-service\.invalid$/);
    expect(findings.at(-1)?.seen).toContain(email);
    await deployment.service.database.query('delete from "user"');
  });

  test('takes it away from sign-up alone', async () => {
    deployment.proxy.faults = {
      response(headers, req) {
        if (req.url === '/api/auth/sign-up/email') delete headers['set-cookie'];
      },
    };
    const findings = await deployment.diagnose({ probeUser });
    expect(complaints(findings)).toEqual(['fail SET_COOKIE_MISSING']);
  });

  test.each([
    [
      'takes HttpOnly out',
      'COOKIE_NOT_HTTPONLY',
      (line: string) => line.replace(/; HttpOnly/i, ''),
    ],
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
    expect(complaints(findings)).toEqual([`fail ${code}`]);
  });

  test('takes the clearing cookie of sign-out away', async () => {
    deployment.proxy.faults = {
      response(headers, req) {
        if (req.url === '/api/auth/sign-out') delete headers['set-cookie'];
      },
    };
    const findings = await deployment.diagnose({ probeUser });
    expect(complaints(findings)).toEqual(['fail COOKIE_NOT_CLEARED']);
  });

  test('makes it longer than browsers keep', async () => {
    const padding = 'x'.repeat(4096);
    deployment.proxy.faults = {
      response: rewriteCookies((line) => line.replace('=', `=${padding}`)),
      request(headers) {
        headers.cookie &&= headers.cookie.replaceAll(padding, '');
      },
    };
    const findings = await deployment.diagnose({ probeUser });
    expect(complaints(findings)).toEqual(['fail COOKIE_TOO_LARGE']);
    expect(findings.find(({ status }) => status === 'fail')?.seen).toMatch(/has 4\d{3} bytes$/);
  });

  test('empties it', async () => {
    const emptied = (line: string) => line.replace(/(session_token=)[^;]+/, '$1');
    deployment.proxy.faults = {
      response(headers, req) {
        if (req.url === '/api/auth/sign-up/email') rewriteCookies(emptied)(headers);
      },
    };
    const findings = await deployment.diagnose({ probeUser });
    expect(complaints(findings)).toEqual(['fail COOKIE_EXPIRED']);
  });

  test('adds the prefix without Secure', async () => {
    deployment.proxy.faults = {
      response: rewriteCookies((line) => (isSessionCookie(line) ? `__Secure-${line}` : line)),
      request(headers) {
        headers.cookie &&= headers.cookie.replace(/^__Secure-/, '');
      },
    };
    const findings = await deployment.diagnose({ probeUser });
    expect(complaints(findings)).toContain('fail COOKIE_NEEDS_SECURE');
  });
});

describe('sites and browsers:', () => {
  test('https ended by a proxy that takes Secure out: a request by http would show the cookie', async () => {
    const open = await startDeployment({ host: 'auth.example.com' });
    open.proxy.faults = {
      response: rewriteCookies((line) => line.replace(/^__Secure-|; Secure/gi, '')),
      request(headers) {
        headers.cookie &&= `__Secure-${headers.cookie}`;
      },
    };
    const findings = await open.diagnose({ probeUser });
    await open.stop();
    expect(complaints(findings)).toContain('fail COOKIE_NOT_SECURE');
  });

  test('a service that knows itself by https, called by http, sets what browsers drop', async () => {
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
    expect(complaints(findings)).toContain('fail COOKIE_SECURE_OVER_HTTP');
  });

  test('a page on another site gets a partitioned cookie, which an older Safari refuses', async () => {
    const split = await startDeployment({
      host: 'auth.vercel.app',
      origin: 'https://docs.vercel.app',
    });
    const findings = await split.diagnose({ probeUser });
    await split.stop();
    expect(complaints(findings)).toEqual(['warn COOKIE_SAFARI']);
    expect(findings.find(({ status }) => status === 'warn')?.seen).toContain(
      'vercel.app is a public suffix',
    );
  });

  test.each([
    ['without Partitioned', 'warn COOKIE_NOT_PARTITIONED', /; Partitioned/i, ''],
    ['made Lax', 'fail COOKIE_SAMESITE', /SameSite=None/i, 'SameSite=Lax'],
    ['without Secure', 'fail COOKIE_NEEDS_SECURE', /; Secure/i, ''],
  ])('a cookie for another site %s is told', async (_what, complaint, from, to) => {
    const split = await startDeployment({
      host: 'auth.example.com',
      origin: 'https://docs.example.org',
    });
    split.proxy.faults = { response: rewriteCookies((line) => line.replace(from, to)) };
    const findings = await split.diagnose({ probeUser });
    await split.stop();
    expect(complaints(findings)[0]).toBe(complaint);
  });

  test('one site over https is what every browser takes', async () => {
    const one = await startDeployment({ host: 'auth.example.com' });
    const findings = await one.diagnose({ probeUser });
    await one.stop();
    expect(complaints(findings)).toEqual([]);
    expect(findings.some(({ code }) => code === 'COOKIE_SENT')).toBe(true);
  });
});
