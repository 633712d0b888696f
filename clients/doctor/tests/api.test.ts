import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { checkApiCookieScope } from '../src/checks/api-cookie-scope.js';
import { failedFindings, startDeployment, type Deployment } from './support/deployment.js';
import { startSmallApi, type ApiBehaviour, type SmallApi } from './support/small-api.js';

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
  api.behaviour = {};
  await deployment.service.database.query('delete from rate_limit');
});

const diagnose = (apiUrl = api.url) => deployment.diagnose({ apiUrl, probeUser: true });

test('a correct API yields no failed findings: 401, 200, and 503 during an outage', async () => {
  const findings = await diagnose();
  expect(failedFindings(findings)).toEqual([]);
  expect(findings.filter(({ section }) => section === 'API').map(({ code }) => code)).toEqual([
    'API_ANONYMOUS',
    'API_ORIGIN_ALLOWED',
    'COOKIE_REACHES_API',
    'API_SIGNED_IN',
    'API_OUTAGE_503',
  ]);
});

const misbehaviours: [string, string, ApiBehaviour][] = [
  ['accepts everyone', 'fail API_OPEN', { reply: () => ({ status: 200 }) }],
  [
    'omits the reason',
    'warn API_REASON_MISSING',
    { reply: (status) => ({ status: status === 200 || status === 401 ? status : 503 }) },
  ],
  ['does not forward the cookie', 'fail API_COOKIE_REFUSED', { forward: () => undefined }],
  [
    'truncates the cookie',
    'fail API_COOKIE_REFUSED',
    { forward: (cookie) => cookie?.slice(0, 60) },
  ],
  [
    'treats an outage as signed out',
    'fail API_TREATS_OUTAGE_AS_SIGNED_OUT',
    {
      reply: (status, body) => ({
        status: status === 200 ? 200 : 401,
        body: status === 401 ? body : {},
      }),
    },
  ],
  [
    'accepts everyone during an outage',
    'fail API_TREATS_OUTAGE_AS_SIGNED_OUT',
    { reply: (status, body) => (status === 401 ? { status, body } : { status: 200 }) },
  ],
  [
    'calls the service over a connection that accepts long cookies',
    'unknown API_OUTAGE_NOT_CHECKED',
    {
      reply: (status, body) =>
        status === 431 ? { status: 401, body: { reason: 'malformed_cookie' } } : { status, body },
    },
  ],
  ['cannot reach the service', 'fail API_UNAVAILABLE', { reply: () => ({ status: 503 }) }],
  ['does not have the route', 'unknown API_ROUTE_MISSING', { reply: () => ({ status: 404 }) }],
  ['redirects', 'fail API_REDIRECT', { reply: () => ({ status: 308 }) }],
  [
    'requires a permission',
    'unknown API_FORBIDDEN',
    { reply: (status, body) => (status === 200 ? { status: 403 } : { status, body }) },
  ],
];

test.each(misbehaviours)('an API that %s is reported', async (_what, expected, behaviour) => {
  api.behaviour = behaviour;
  const findings = await diagnose();
  expect(failedFindings(findings)).toEqual([expected]);
});

test('an API that accepts only JSON Web Tokens passes where the service issues them', async () => {
  const issuing = await startDeployment({ env: { JWT_TOKENS: 'on' } });
  api.behaviour = {
    byToken: (authorization) =>
      /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/.test(authorization ?? '')
        ? { status: 200 }
        : { status: 401, body: { reason: 'no_credential' } },
  };
  const findings = await issuing.diagnose({ apiUrl: api.url, probeUser: true });
  api.behaviour = { byToken: () => ({ status: 401, body: { reason: 'no_credential' } }) };
  await issuing.service.database.query('delete from rate_limit');
  const refused = await issuing.diagnose({ apiUrl: api.url, probeUser: true });
  await issuing.stop();
  expect(failedFindings(findings)).toEqual([]);
  expect(findings.map(({ code }) => code)).toContain('API_TOKEN');
  expect(failedFindings(refused)).toEqual(['fail API_COOKIE_REFUSED']);
});

test('an API that calls another deployment is reported as such', async () => {
  const other = await startDeployment({
    env: { BETTER_AUTH_SECRET: 'another-secret-that-is-long-enough-9876543210' },
  });
  const misdirected = await startSmallApi(other.service.url);
  const findings = await diagnose(misdirected.url);
  await misdirected.close();
  await other.stop();
  expect(failedFindings(findings)).toEqual(['fail API_COOKIE_REFUSED']);
  const fault = findings.find(({ status }) => status === 'fail');
  expect(fault?.message).toContain('bad_signature');
  expect(fault?.fix).toContain('another deployment');
});

test('an API under another name of this machine does not receive the cookie', async () => {
  const findings = await diagnose(api.url.replace('127.0.0.1', 'localhost'));
  expect(failedFindings(findings)).toEqual(['fail COOKIE_NOT_REACHING_API']);
  expect(findings.find(({ status }) => status === 'fail')?.fix).toContain('same name');
});

test('an API over http does not receive the Secure cookie of a service over https', async () => {
  const https = await startDeployment({ host: 'auth.example.com' });
  const plain = await startSmallApi(https.service.url);
  const apiUrl = plain.url.replace('127.0.0.1', 'auth.example.com');
  const findings = await https.diagnose({ apiUrl, probeUser: true });
  await plain.close();
  await https.stop();
  expect(failedFindings(findings)).toEqual(['fail API_NOT_HTTPS']);
});

test('without a temporary user the API is called anonymously', async () => {
  const findings = await deployment.diagnose({ apiUrl: api.url });
  expect(findings.filter(({ section }) => section === 'API').map(({ code }) => code)).toEqual([
    'API_ANONYMOUS',
    'API_ORIGIN_ALLOWED',
  ]);
});

describe('an API whose responses the browser hides from the page:', () => {
  const origin = 'access-control-allow-origin';
  const credentials = { 'access-control-allow-credentials': 'true' };
  const corsFaults: [string, string, ApiBehaviour['cors']][] = [
    ['names no origin', 'API_CORS_MISSING', () => ({})],
    ['allows *', 'API_CORS_WILDCARD', () => ({ [origin]: '*' })],
    [
      'a trailing slash',
      'API_CORS_OTHER_ORIGIN',
      (page) => ({ [origin]: `${page}/`, ...credentials }),
    ],
    ['no credentials', 'API_CORS_WITHOUT_CREDENTIALS', (page) => ({ [origin]: page })],
  ];
  test.each(corsFaults)('%s', async (_what, code, cors) => {
    api.behaviour = { ...(cors && { cors }) };
    const findings = await deployment.diagnose({ apiUrl: api.url });
    expect(failedFindings(findings)).toEqual([`warn ${code}`]);
  });

  test('CORS is not checked where page and API share an origin', async () => {
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
])(
  'a cookie set by %s, sent to %s, with the Domain %s: %s',
  (auth, apiUrl, domain, status, fix) => {
    const finding = checkApiCookieScope(auth, apiUrl, { domain, secure: true }, false);
    expect(finding.status).toBe(status);
    if (fix !== undefined) expect(finding.fix).toContain(fix);
  },
);

test('a cookie that does not reach the API is only a warning where tokens can replace it', () => {
  const cookie = { domain: undefined, secure: true };
  const finding = checkApiCookieScope(
    'https://auth.example.com',
    'https://api.example.org',
    cookie,
    true,
  );
  expect(finding.status).toBe('warn');
});
