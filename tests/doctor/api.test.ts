import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cookieReach } from '../../src/doctor/checks/api.js';
import { complaints, startDeployment, type Deployment } from '../support/doctor.js';
import { startSmallApi, type ApiHabits, type SmallApi } from '../support/small-api.js';

let deployment: Deployment;
let api: SmallApi;
beforeAll(async () => {
  deployment = await startDeployment();
  api = await startSmallApi(deployment.service.url);
});
afterAll(async () => {
  await api.close();
  await deployment.stop();
});
afterEach(async () => {
  api.habits = {};
  await deployment.service.database.query('delete from rate_limit');
});

const diagnose = (apiUrl = api.url) => deployment.diagnose({ apiUrl, probeUser: true });

test('of a sound API nothing is complained about: 401, 200, and 503 in doubt', async () => {
  const findings = await diagnose();
  expect(complaints(findings)).toEqual([]);
  expect(findings.filter(({ section }) => section === 'API').map(({ code }) => code)).toEqual([
    'API_ANONYMOUS',
    'API_ORIGIN_ALLOWED',
    'COOKIE_REACHES_API',
    'API_SIGNED_IN',
    'API_IN_DOUBT',
  ]);
});

const badHabits: [string, string, ApiHabits][] = [
  ['lets everybody in', 'fail API_OPEN', { reply: () => ({ status: 200 }) }],
  [
    'keeps the reason to itself',
    'warn API_REASON_MISSING',
    { reply: (status) => ({ status: status === 200 || status === 401 ? status : 503 }) },
  ],
  ['does not forward the cookie', 'fail API_COOKIE_REFUSED', { forward: () => undefined }],
  [
    'cuts the cookie short',
    'fail API_COOKIE_REFUSED',
    { forward: (cookie) => cookie?.slice(0, 60) },
  ],
  [
    'takes an outage for a sign-out',
    'fail API_GUESSES',
    {
      reply: (status, body) => ({
        status: status === 200 ? 200 : 401,
        body: status === 401 ? body : {},
      }),
    },
  ],
  [
    'lets everybody in during an outage',
    'fail API_GUESSES',
    { reply: (status, body) => (status === 401 ? { status, body } : { status: 200 }) },
  ],
  [
    'asks the service on another way, which takes long cookies',
    'unknown API_DOUBT_NOT_EXAMINED',
    {
      reply: (status, body) =>
        status === 431 ? { status: 401, body: { reason: 'malformed_cookie' } } : { status, body },
    },
  ],
  ['cannot reach the service', 'fail API_CANNOT_ASK', { reply: () => ({ status: 503 }) }],
  [
    'is asked for a route it has not',
    'unknown API_ROUTE_MISSING',
    { reply: () => ({ status: 404 }) },
  ],
  ['stands behind a redirect', 'fail API_REDIRECT', { reply: () => ({ status: 308 }) }],
  [
    'wants more than a signed-in user',
    'unknown API_FORBIDDEN',
    { reply: (status, body) => (status === 200 ? { status: 403 } : { status, body }) },
  ],
];

test.each(badHabits)('an API that %s is told', async (_what, expected, habits) => {
  api.habits = habits;
  const findings = await diagnose();
  expect(complaints(findings)).toEqual([expected]);
});

test('an API that takes JSON Web Tokens and no cookie is sound where the service issues them', async () => {
  const issuing = await startDeployment({ env: { JWT_TOKENS: 'on' } });
  api.habits = {
    byToken: (authorization) =>
      /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/.test(authorization ?? '')
        ? { status: 200 }
        : { status: 401, body: { reason: 'no_credential' } },
  };
  const findings = await issuing.diagnose({ apiUrl: api.url, probeUser: true });
  api.habits = { byToken: () => ({ status: 401, body: { reason: 'no_credential' } }) };
  await issuing.service.database.query('delete from rate_limit');
  const refused = await issuing.diagnose({ apiUrl: api.url, probeUser: true });
  await issuing.stop();
  expect(complaints(findings)).toEqual([]);
  expect(findings.map(({ code }) => code)).toContain('API_TOKEN');
  expect(complaints(refused)).toEqual(['fail API_COOKIE_REFUSED']);
});

test('an API that asks another deployment is told so', async () => {
  const other = await startDeployment({
    env: { BETTER_AUTH_SECRET: 'another-secret-that-is-long-enough-9876543210' },
  });
  const stranger = await startSmallApi(other.service.url);
  const findings = await diagnose(stranger.url);
  await stranger.close();
  await other.stop();
  expect(complaints(findings)).toEqual(['fail API_COOKIE_REFUSED']);
  const fault = findings.find(({ status }) => status === 'fail');
  expect(fault?.seen).toContain('bad_signature');
  expect(fault?.fix).toContain('another deployment');
});

test('an API under another name of this machine never gets the cookie', async () => {
  const findings = await diagnose(api.url.replace('127.0.0.1', 'localhost'));
  expect(complaints(findings)).toEqual(['fail COOKIE_NOT_REACHING_API']);
  expect(findings.find(({ status }) => status === 'fail')?.fix).toContain('same name');
});

test('an API over http never gets the Secure cookie of a service over https', async () => {
  const https = await startDeployment({ host: 'auth.example.com' });
  const plain = await startSmallApi(https.service.url);
  const apiUrl = plain.url.replace('127.0.0.1', 'auth.example.com');
  const findings = await https.diagnose({ apiUrl, probeUser: true });
  await plain.close();
  await https.stop();
  expect(complaints(findings)).toEqual(['fail API_NOT_HTTPS']);
});

test('without a throw-away user the API is asked as nobody', async () => {
  const findings = await deployment.diagnose({ apiUrl: api.url });
  expect(findings.filter(({ section }) => section === 'API').map(({ code }) => code)).toEqual([
    'API_ANONYMOUS',
    'API_ORIGIN_ALLOWED',
  ]);
});

describe('an API whose answers the browser hides from the page:', () => {
  const origin = 'access-control-allow-origin';
  const credentials = { 'access-control-allow-credentials': 'true' };
  const habits: [string, string, ApiHabits['cors']][] = [
    ['names no origin', 'API_CORS_MISSING', () => ({})],
    ['allows *', 'API_CORS_WILDCARD', () => ({ [origin]: '*' })],
    [
      'a slash too much',
      'API_CORS_OTHER_ORIGIN',
      (page) => ({ [origin]: `${page}/`, ...credentials }),
    ],
    ['no credentials', 'API_CORS_WITHOUT_CREDENTIALS', (page) => ({ [origin]: page })],
  ];
  test.each(habits)('%s', async (_what, code, cors) => {
    api.habits = { ...(cors && { cors }) };
    const findings = await deployment.diagnose({ apiUrl: api.url });
    expect(complaints(findings)).toEqual([`warn ${code}`]);
  });

  test('nothing is asked where page and API share an origin', async () => {
    const own = new URL(api.url).origin;
    const findings = await deployment.diagnose({ apiUrl: api.url, origins: [own] });
    expect(findings.filter(({ code }) => code.startsWith('API_')).map(({ code }) => code)).toEqual([
      'API_ANONYMOUS',
    ]);
  });
});

test.each([
  [
    'https://auth.example.com',
    'https://api.example.com/me',
    undefined,
    'fail',
    'COOKIE_DOMAIN=example.com',
  ],
  ['https://auth.example.com', 'https://api.example.com/me', 'example.com', 'ok', undefined],
  ['https://auth.example.com', 'https://auth.example.com/me', undefined, 'ok', undefined],
  ['https://localhost', 'https://localhost/me', 'localhost', 'ok', undefined],
  ['https://localhost', 'https://api.localhost/me', 'localhost', 'fail', undefined],
  ['https://auth.example.com', 'https://auth.example.com:8443/me', undefined, 'ok', undefined],
  ['https://auth.example.com', 'http://auth.example.com/me', undefined, 'fail', 'https'],
  [
    'https://auth.vercel.app',
    'https://api.vercel.app/me',
    undefined,
    'fail',
    'they share no domain',
  ],
  [
    'https://auth.example.com',
    'https://api.example.org/me',
    'example.com',
    'fail',
    'BEARER_TOKENS=on',
  ],
])('a cookie of %s for %s with the domain %s: %s', (auth, apiUrl, domain, status, fix) => {
  const finding = cookieReach(auth, apiUrl, { domain, secure: true }, false);
  expect(finding.status).toBe(status);
  if (fix !== undefined) expect(finding.fix).toContain(fix);
});

test('where tokens can stand in for the cookie, that it stays away is no fault', () => {
  const cookie = { domain: undefined, secure: true };
  const finding = cookieReach('https://auth.example.com', 'https://api.example.org', cookie, true);
  expect(finding.status).toBe('warn');
});
