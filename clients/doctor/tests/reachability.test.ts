import { createServer as createTcpServer, type AddressInfo, type LookupFunction } from 'node:net';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createMisconfiguredApp } from '../../../src/create-app.js';
import { createLogger } from '../../../src/log/logger.js';
import { listen } from '../../../src/listen.js';
import { freePort } from '../../../src/dev/free-port.js';
import {
  certificateFor,
  certificateOfUnknownAuthority,
} from '../../../tests/support/certificate.js';
import {
  diagnose,
  failedFindings,
  startDeployment,
  useDeployment,
  type Deployment,
} from './support/deployment.js';
import { createFaultyProxy } from './support/faulty-proxy.js';
import { createTestDatabase } from '../../../tests/support/test-database.js';

let deployment: Deployment;
useDeployment((started) => (deployment = started));

test('a healthy deployment yields no failed findings', async () => {
  const findings = await deployment.diagnose();
  expect(failedFindings(findings)).toEqual([]);
  expect(findings.map(({ code }) => code)).toEqual([
    'HEALTH',
    'CLOCK',
    'READY',
    'ORIGIN_ALLOWED',
    'HOSTILE_ORIGINS_REFUSED',
  ]);
});

const skipped = 'unknown NOT_CHECKED';

describe('a failed connection is reported by its cause:', () => {
  const origins = ['https://docs.example.com'];

  test.each([
    ['a name without a DNS record', 'ENOTFOUND', 'fail DNS_NOT_FOUND'],
    ['a resolver that does not respond, which may be ours', 'EAI_AGAIN', 'unknown NO_RESPONSE'],
  ])('%s', async (_what, code, expected) => {
    const lookup: LookupFunction = (_host, _options, callback) => {
      callback(Object.assign(new Error(code), { code }), '');
    };
    const found = await diagnose({ authUrl: 'https://auth.test', origins }, undefined, {
      connection: { lookup },
    });
    expect(failedFindings(found)).toEqual([expected, skipped]);
  });

  test('no process listens', async () => {
    const authUrl = `http://127.0.0.1:${await freePort()}`;
    expect(failedFindings(await diagnose({ authUrl, origins }))).toEqual([
      'fail CONNECTION_REFUSED',
      skipped,
    ]);
  });

  test('a server that never responds could not be checked', async () => {
    const silent = createTcpServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const target = { authUrl: `http://127.0.0.1:${port}`, origins };
    const findings = await diagnose(target, undefined, { timeoutMs: 100 });
    silent.close();
    expect(failedFindings(findings)).toEqual(['unknown NO_RESPONSE', skipped]);
    expect(findings[0]?.message).toContain('TIMEOUT');
  });

  const host = 'auth.example.com';
  test.each([
    ['a self-signed certificate', () => certificateFor(host), false, 'TLS_SELF_SIGNED'],
    ['an expired certificate', () => certificateFor(host, [-2, -1]), true, 'TLS_EXPIRED'],
    [
      'a certificate that is not valid yet',
      () => certificateFor(host, [1, 2]),
      true,
      'TLS_NOT_YET_VALID',
    ],
    [
      "an unknown authority's certificate",
      () => certificateOfUnknownAuthority(host),
      false,
      'TLS_UNTRUSTED',
    ],
    ["another host's certificate", () => certificateFor('www.example.com'), true, 'TLS_WRONG_HOST'],
  ])('%s', async (_what, certify, isTrusted, code) => {
    const certificate = await certify();
    const proxy = await createFaultyProxy({ certificate, host });
    const client = isTrusted ? { connection: { ca: certificate.cert } } : {};
    const found = await diagnose({ authUrl: proxy.url, origins }, undefined, client);
    await proxy.close();
    expect(failedFindings(found)).toEqual([`fail ${code}`, skipped]);
  });

  test('a port without TLS', async () => {
    const authUrl = deployment.proxy.url.replace('http:', 'https:');
    expect(failedFindings(await diagnose({ authUrl, origins }))).toEqual([
      'fail TLS_NOT_SUPPORTED',
      skipped,
    ]);
  });
});

type Respond = (req: IncomingMessage, res: ServerResponse) => void;

describe('a response that is not from the service is recognized:', () => {
  const responses: [string, string, Respond][] = [
    [
      'a redirect to another host',
      'REDIRECT',
      (req, res) => res.writeHead(308, { location: `https://www.example.com${req.url ?? ''}` }),
    ],
    [
      "a site's own page",
      'UNEXPECTED_RESPONSE',
      (_req, res) => {
        res.writeHead(200, { 'content-type': 'text/html' }).write('<!doctype html><p>Docs');
      },
    ],
    [
      "another program's JSON",
      'UNEXPECTED_RESPONSE',
      (_req, res) => {
        res.writeHead(200, { 'content-type': 'application/json' }).write('{"up":true}');
      },
    ],
    [
      "Vercel's deployment protection, to a browser",
      'DEPLOYMENT_PROTECTION',
      (_req, res) => res.writeHead(302, { location: 'https://vercel.com/sso-api?url=x&nonce=y' }),
    ],
    [
      "Vercel's deployment protection, to a program",
      'DEPLOYMENT_PROTECTION',
      (_req, res) => {
        const headers = {
          'content-type': 'text/html',
          'set-cookie': '_vercel_sso_nonce=z; Path=/',
        };
        res.writeHead(401, headers).write('<title>Authentication Required</title>');
      },
    ],
  ];
  test.each(responses)('%s', async (_what, code, write) => {
    deployment.proxy.faults = {
      respond(req, res) {
        write(req, res);
        res.end();
        return true;
      },
    };
    const findings = await deployment.diagnose();
    expect(failedFindings(findings)).toEqual([`fail ${code}`, skipped]);
  });

  test('the target of a redirect is printed without its query', async () => {
    deployment.proxy.faults = {
      respond(_req, res) {
        res.writeHead(307, { location: 'https://www.example.com/login?token=abc' }).end();
        return true;
      },
    };
    const [finding] = await deployment.diagnose();
    expect(finding?.message).toBe(
      `${deployment.proxy.url}/health redirects (307) to https://www.example.com/login?[query]`,
    );
    expect(finding?.fix).toContain('use https://www.example.com as BETTER_AUTH_URL');
  });

  test.each(['/session', '/api/auth/get-session'])('a redirect of only %s', async (path) => {
    deployment.proxy.faults = {
      respond(req, res) {
        // Only for servers; requests of pages have an Origin header.
        if (req.url !== path || req.headers.origin !== undefined) return false;
        res.writeHead(301, { location: `${path}/` }).end();
        return true;
      },
    };
    expect(failedFindings(await deployment.diagnose())).toEqual(['fail REDIRECT']);
  });
});

test.each([
  [-3600, 'fail', '3600 s behind'],
  [3600, 'fail', '3600 s ahead of'],
  [-20, 'warn', '20 s behind'],
])(
  'a clock that is off by %i s is reported with the direction',
  async (seconds, status, expected) => {
    deployment.proxy.faults = {
      response(headers) {
        headers.date = new Date(Date.now() + seconds * 1000).toUTCString();
      },
    };
    const findings = await deployment.diagnose();
    expect(failedFindings(findings)).toEqual([`${status} CLOCK_SKEW`]);
    const about = findings.find(({ code }) => code === 'CLOCK_SKEW');
    expect(Number(/is (\d+) s/.exec(about?.message ?? '')?.[1])).toBeCloseTo(Math.abs(seconds), -1);
    expect(about?.message).toContain(expected.replace(/^\d+ s /, ''));
  },
);

test('clocks that could not be compared count as not passed', async () => {
  deployment.proxy.faults = {
    respond(req, res) {
      if (req.url === '/health') res.sendDate = false;
      return false;
    },
    response: (headers) => delete headers.date,
  };
  expect(failedFindings(await deployment.diagnose())).toEqual(['unknown CLOCK_NOT_COMPARED']);
});

test('pending migrations are reported with the command to run', async () => {
  const testDatabase = await createTestDatabase({ empty: true });
  const unmigrated = await startDeployment({ testDatabase });
  const [, , finding] = await unmigrated.diagnose();
  await unmigrated.stop();
  await testDatabase.drop();
  expect(finding).toMatchObject({ status: 'fail', code: 'MIGRATIONS_PENDING' });
  expect(finding?.fix).toContain('npm run db:migrate');
});

test('a column that is missing in the live database is reported', async () => {
  const testDatabase = await createTestDatabase();
  await testDatabase.query('alter table session drop column ip_address');
  const damaged = await startDeployment({ testDatabase });
  const findings = await damaged.diagnose();
  await damaged.stop();
  await testDatabase.drop();
  expect(failedFindings(findings)[0]).toBe('fail SCHEMA_INCOMPLETE');
  const { fix } = findings.find(({ code }) => code === 'SCHEMA_INCOMPLETE') ?? {};
  expect(fix).toContain('startup report lists the SQL that fixes each difference');
  expect(fix).toContain('DIAGNOSTICS_TOKEN');
  expect(fix).not.toMatch(/restore|fresh/);
});

test('a service that rejected its configuration is reported, and not checked further', async () => {
  const refusing = await listen(createMisconfiguredApp(createLogger('silent')), 0);
  const authUrl = `http://127.0.0.1:${refusing.port}`;
  const findings = await diagnose({ authUrl, origins: ['https://docs.example.com'] });
  await refusing.stop();
  expect(failedFindings(findings)).toEqual(['fail CONFIGURATION_INVALID', skipped]);
});
