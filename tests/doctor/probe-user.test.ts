/** What the doctor finds as a signed-in user, and that nothing of that user is left. */
import type { OutgoingHttpHeaders } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { complaints, startDeployment, type Deployment } from '../support/doctor.js';

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

function usersOf({ service }: Deployment) {
  return service.database.query('select email from "user"');
}

test('of a sound deployment nothing is complained about, and the user is gone', async () => {
  const findings = await deployment.diagnose({ probeUser });
  expect(complaints(findings)).toEqual([]);
  expect(findings.slice(5).map(({ section, code }) => `${section}: ${code}`)).toEqual([
    'Cookies: COOKIE_SENT',
    'Session: SESSION',
    'Reasons: REASONS',
    'Sign-out: SIGN_OUT',
    'Clean-up: PROBE_USER_DELETED',
  ]);
  const deletions = deployment.service
    .logLines()
    .filter(({ path }) => path === '/api/auth/delete-user');
  expect(deletions).toHaveLength(1);
});

test.each(['BEARER_TOKENS', 'JWT_TOKENS'])('nor of one with %s=on', async (variable) => {
  const sound = await startDeployment({ env: { [variable]: 'on' } });
  const findings = await sound.diagnose({ probeUser });
  const left = await usersOf(sound);
  await sound.stop();
  expect(complaints(findings)).toEqual([]);
  expect(findings.some(({ code }) => code === 'JWT')).toBe(variable === 'JWT_TOKENS');
  expect(left).toEqual([]);
});

test('a limited sign-up is waited for, by what the service says', async () => {
  const [origin = ''] = deployment.examined.origins;
  for (let times = 1; times <= 3; times += 1) {
    await fetch(`${deployment.proxy.url}/api/auth/sign-up/email`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: '{}',
    });
  }
  const waits: string[] = [];
  const findings = await deployment.diagnose({
    probeUser,
    async wait(seconds, why) {
      waits.push(`${why} ${seconds > 0 && seconds <= 10 ? 'soon' : seconds}`);
      await deployment.service.database.query('delete from rate_limit');
    },
  });
  expect(waits).toEqual(['sign-up/email is limited, as it should be soon']);
  expect(complaints(findings)).toEqual([]);
});

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

describe('what a proxy does on the way in is told by its own name:', () => {
  test('takes the Cookie header away', async () => {
    deployment.proxy.faults = {
      request(headers, req) {
        if (req.method === 'GET') delete headers.cookie;
      },
    };
    const findings = await deployment.diagnose({ probeUser });
    expect(complaints(findings)).toEqual(['fail COOKIE_NOT_ACCEPTED']);
    expect(findings.find(({ status }) => status === 'fail')?.fix).toContain('Cookie header');
  });

  test('takes the reason away from the answers', async () => {
    deployment.proxy.faults = { response: (headers) => delete headers['x-session-reason'] };
    const findings = await deployment.diagnose({ probeUser });
    expect(complaints(findings)).toEqual(['warn REASON_HEADER_MISSING']);
  });

  test('takes Authorization away', async () => {
    const bearer = await startDeployment({ env: { BEARER_TOKENS: 'on' } });
    bearer.proxy.faults = { request: (headers) => delete headers.authorization };
    const findings = await bearer.diagnose({ probeUser });
    await bearer.stop();
    const told = complaints(findings);
    expect(new Set(told)).toEqual(new Set(['fail REASON_UNEXPECTED']));
  });
});

test('a JSON Web Key that no longer decrypts is told by the secret that changed', async () => {
  const jwt = { JWT_TOKENS: 'on' };
  const before = await startDeployment({ env: jwt });
  await before.diagnose({ probeUser });
  const after = await startDeployment({
    testDatabase: before.service.database,
    env: { ...jwt, BETTER_AUTH_SECRET: 'another-secret-that-is-long-enough-9876543210' },
  });
  const findings = await after.diagnose({ probeUser });
  await after.stop();
  await before.stop();
  expect(complaints(findings)).toEqual(['fail JWT_KEY_UNREADABLE']);
});

test('tokens that something in front refuses are told as not issued', async () => {
  const jwt = await startDeployment({ env: { JWT_TOKENS: 'on' } });
  jwt.proxy.faults = {
    answer(req, res) {
      if (req.url !== '/api/auth/token') return false;
      res.writeHead(403, { 'content-type': 'application/json' }).end('{}');
      return true;
    },
  };
  const findings = await jwt.diagnose({ probeUser });
  await jwt.stop();
  expect(complaints(findings)).toEqual(['warn JWT_NOT_ISSUED']);
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
