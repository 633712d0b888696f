import type { OutgoingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import {
  failedFindings,
  startDeployment,
  useDeployment,
  type Deployment,
} from './support/deployment.js';

let deployment: Deployment;
useDeployment((started) => (deployment = started));

test('an origin that is not trusted is reported with the variable to change', async () => {
  const missing = 'http://127.0.0.1:4000';
  const findings = await deployment.diagnose({ origins: [missing] });
  expect(failedFindings(findings)).toEqual(['fail ORIGIN_NOT_TRUSTED']);
  const finding = findings.find(({ status }) => status === 'fail');
  expect(finding?.fix).toContain(`add ${missing} to BETTER_AUTH_TRUSTED_ORIGINS`);
});

test('each origin has a finding of its own', async () => {
  const [trusted = ''] = deployment.target.origins;
  const findings = await deployment.diagnose({ origins: ['http://127.0.0.1:4000', trusted] });
  expect(
    findings.filter(({ section }) => section === 'Cross-origin').map(({ code }) => code),
  ).toEqual(['ORIGIN_NOT_TRUSTED', 'ORIGIN_ALLOWED']);
});

test('a service called by another URL than BETTER_AUTH_URL is reported', async () => {
  const elsewhere = await startDeployment({ env: { BETTER_AUTH_URL: 'http://127.0.0.1:3001' } });
  const findings = await elsewhere.diagnose();
  await elsewhere.stop();
  expect(failedFindings(findings)).toEqual(['fail BASE_URL_OTHER_HOST']);
  const finding = findings.find(({ status }) => status === 'fail');
  expect(finding?.fix).toContain(`BETTER_AUTH_URL=${elsewhere.proxy.url}`);
});

test('a preview that does not trust its own URL is reported', async () => {
  const host = 'auth-git-topic-team.vercel.app';
  const preview = await startDeployment({
    host,
    origin: 'https://docs.example.com',
    env: { BETTER_AUTH_URL: 'https://auth.example.com' },
  });
  const findings = await preview.diagnose();
  await preview.stop();
  expect(failedFindings(findings)).toEqual(['fail BASE_URL_OTHER_HOST']);
  expect(findings.find(({ status }) => status === 'fail')?.fix).toContain('for previews');
});

describe('each CORS fault of a proxy has a code of its own:', () => {
  const faults: [string, string, (headers: OutgoingHttpHeaders) => void][] = [
    [
      'removes the allowed origin',
      'fail CORS_HEADER_MISSING',
      (headers) => delete headers['access-control-allow-origin'],
    ],
    [
      'allows every origin',
      'fail CORS_WILDCARD',
      (headers) => (headers['access-control-allow-origin'] = '*'),
    ],
    [
      'adds the header once more',
      'fail CORS_HEADER_DUPLICATED',
      (headers) => {
        const { 'access-control-allow-origin': one } = headers;
        if (one !== undefined) headers['access-control-allow-origin'] = `${one}, ${one}`;
      },
    ],
    [
      'allows one fixed origin',
      'fail CORS_OTHER_ORIGIN',
      (headers) => (headers['access-control-allow-origin'] = 'https://www.example.com'),
    ],
    [
      'takes the credentials out',
      'fail CORS_WITHOUT_CREDENTIALS',
      (headers) => delete headers['access-control-allow-credentials'],
    ],
    ['takes Vary out', 'fail CORS_VARY_MISSING', (headers) => delete headers.vary],
    [
      'hides the reason',
      'warn CORS_REASON_HIDDEN',
      (headers) => delete headers['access-control-expose-headers'],
    ],
    [
      'allows no header in the preflight',
      'fail PREFLIGHT_HEADERS_REFUSED',
      (headers) => delete headers['access-control-allow-headers'],
    ],
  ];
  test.each(faults)('%s', async (_what, expected, response) => {
    deployment.proxy.faults = { response };
    expect(failedFindings(await deployment.diagnose())).toEqual([expected]);
  });

  test.each([404, 405, 307])('responds %i to the preflight', async (status) => {
    deployment.proxy.faults = {
      respond(req, res) {
        if (req.method !== 'OPTIONS') return false;
        res.writeHead(status, { location: '/' }).end();
        return true;
      },
    };
    expect(failedFindings(await deployment.diagnose())).toEqual(['fail PREFLIGHT_FAILED']);
  });
});

describe('an allowed origin that merely resembles a trusted one is reported:', () => {
  test.each([
    ['http://127.0.0.1:61234', 'another port'],
    ['https://127.0.0.1:3000', 'another scheme'],
  ])('%s', async (origin) => {
    const [trusted = ''] = deployment.target.origins;
    const lax = await startDeployment({
      env: { BETTER_AUTH_TRUSTED_ORIGINS: trusted },
    });
    lax.proxy.faults = {
      response(headers, req) {
        if (req.headers.origin === origin) headers['access-control-allow-origin'] = origin;
      },
    };
    const findings = await lax.diagnose();
    await lax.stop();
    expect(failedFindings(findings)).toEqual(['fail HOSTILE_ORIGIN_ALLOWED']);
  });

  test('all of them, where a proxy echoes the origin', async () => {
    const reflecting = await startDeployment({ host: 'auth.example.com' });
    reflecting.proxy.faults = {
      response(headers, req) {
        const { origin } = req.headers;
        if (origin !== undefined) headers['access-control-allow-origin'] = origin;
      },
    };
    const findings = await reflecting.diagnose();
    await reflecting.stop();
    const { port } = reflecting.proxy;
    const allowed = findings.filter(({ code }) => code === 'HOSTILE_ORIGIN_ALLOWED');
    expect(allowed.map(({ message }) => message.split(' ')[0])).toEqual([
      'https://auth.example.com:61234',
      `http://auth.example.com:${port}`,
      `HTTPS://AUTH.EXAMPLE.COM:${port}`,
      'https://auth.example.com.evil.test',
      `https://evilauth.example.com:${port}`,
      'https://auth.example.com.',
      'https://docs.example.com:61234',
      'http://docs.example.com',
      'HTTPS://DOCS.EXAMPLE.COM',
      'https://docs.example.com.evil.test',
      'https://evildocs.example.com',
      'https://docs.example.com.',
      'null',
    ]);
    expect(failedFindings(findings)).toEqual(allowed.map(() => 'fail HOSTILE_ORIGIN_ALLOWED'));
  });

  test('one that the service trusts', async () => {
    const careless = await startDeployment({
      host: 'auth.example.com',
      env: {
        BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.com,https://evildocs.example.com',
      },
    });
    const findings = await careless.diagnose();
    await careless.stop();
    expect(failedFindings(findings)).toEqual(['fail HOSTILE_ORIGIN_ALLOWED']);
    expect(findings.at(-1)?.message).toContain('https://evildocs.example.com');
  });
});

describe('a response that shows neither trust nor refusal is inconclusive:', () => {
  const isSignOut = (url: string | undefined) => url === '/api/auth/sign-out';

  test('a refusal by a firewall counts as a refusal', async () => {
    const { authUrl, origins } = deployment.target;
    deployment.proxy.faults = {
      respond(req, res) {
        const { origin = authUrl } = req.headers;
        if (!isSignOut(req.url) || [authUrl, ...origins].includes(origin)) return false;
        res.writeHead(403, { 'content-type': 'text/html' }).end('<h1>Forbidden</h1>');
        return true;
      },
    };
    expect(failedFindings(await deployment.diagnose())).toEqual([]);
  });

  test.each([429, 503])('%i to every sign-out', async (status) => {
    deployment.proxy.faults = {
      respond(req, res) {
        if (!isSignOut(req.url)) return false;
        res.writeHead(status, { 'content-type': 'application/json' }).end('{"code":"BUSY"}');
        return true;
      },
    };
    const findings = await deployment.diagnose();
    expect(failedFindings(findings)).toEqual([
      'unknown ORIGIN_NOT_CHECKED',
      'unknown ORIGIN_NOT_CHECKED',
      'unknown HOSTILE_ORIGINS_NOT_CHECKED',
    ]);
    expect(findings.map(({ message }) => message).join()).toContain(`responded ${status} (BUSY)`);
  });
});
