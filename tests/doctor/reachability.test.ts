import { createServer as createTcpServer, type AddressInfo, type LookupFunction } from 'node:net';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createRefusingApp } from '../../src/create-app.js';
import { createLogger } from '../../src/log/logger.js';
import { listen } from '../../src/listen.js';
import { freePort } from '../../src/dev/free-port.js';
import {
  certificateFor,
  certificateOfStranger,
  complaints,
  diagnose,
  startDeployment,
  type Deployment,
} from '../support/doctor.js';
import { createFaultyProxy } from '../support/faulty-proxy.js';
import { createTestDatabase } from '../support/test-database.js';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment.stop());
afterEach(() => {
  deployment.proxy.faults = {};
});

test('of a sound deployment nothing is complained about', async () => {
  const findings = await deployment.diagnose();
  expect(complaints(findings)).toEqual([]);
  expect(findings.map(({ code }) => code)).toEqual([
    'HEALTH',
    'CLOCK',
    'READY',
    'ORIGIN_ALLOWED',
    'HOSTILE_ORIGINS_REFUSED',
  ]);
});

const unreachable = ['fail', 'unknown NOT_EXAMINED'] as const;

describe('what cannot be called is told by what stands in the way:', () => {
  const origins = ['https://docs.example.com'];

  test.each([
    ['a name that is not in the DNS', 'ENOTFOUND', 'fail DNS_NOT_FOUND'],
    ['a resolver that does not answer, which may be ours', 'EAI_AGAIN', 'unknown NO_ANSWER'],
  ])('%s', async (_what, code, complaint) => {
    const lookup: LookupFunction = (_host, _options, callback) => {
      callback(Object.assign(new Error(code), { code }), '');
    };
    const found = await diagnose({ authUrl: 'https://auth.test', origins }, undefined, { lookup });
    expect(complaints(found)).toEqual([complaint, unreachable[1]]);
  });

  test('nothing listens', async () => {
    const authUrl = `http://127.0.0.1:${await freePort()}`;
    expect(complaints(await diagnose({ authUrl, origins }))).toEqual([
      `${unreachable[0]} CONNECTION_REFUSED`,
      unreachable[1],
    ]);
  });

  test('somebody who never answers is no finding, but could not be examined', async () => {
    const silent = createTcpServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const findings = await diagnose({ authUrl: `http://127.0.0.1:${port}`, origins });
    silent.close();
    expect(complaints(findings)).toEqual(['unknown NO_ANSWER', unreachable[1]]);
    expect(findings[0]?.seen).toContain('TIMEOUT');
  });

  const host = 'auth.example.com';
  test.each([
    ['a self-signed certificate', () => certificateFor(host), false, 'TLS_SELF_SIGNED'],
    ['an expired certificate', () => certificateFor(host, [-2, -1]), true, 'TLS_EXPIRED'],
    ['one that begins tomorrow', () => certificateFor(host, [1, 2]), true, 'TLS_NOT_YET_VALID'],
    [
      "an unknown authority's certificate",
      () => certificateOfStranger(host),
      false,
      'TLS_UNTRUSTED',
    ],
    ["another host's certificate", () => certificateFor('www.example.com'), true, 'TLS_WRONG_HOST'],
  ])('%s', async (_what, certify, isTrusted, code) => {
    const certificate = await certify();
    const proxy = await createFaultyProxy({ certificate, host });
    const connection = isTrusted ? { ca: certificate.cert } : {};
    const found = await diagnose({ authUrl: proxy.url, origins }, undefined, connection);
    await proxy.close();
    expect(complaints(found)).toEqual([`fail ${code}`, unreachable[1]]);
  });

  test('a port that speaks no TLS', async () => {
    const authUrl = deployment.proxy.url.replace('http:', 'https:');
    expect(complaints(await diagnose({ authUrl, origins }))).toEqual([
      'fail TLS_NOT_SPOKEN',
      unreachable[1],
    ]);
  });
});

type Answers = (req: IncomingMessage, res: ServerResponse) => void;

describe('whoever answers instead of the service is told apart:', () => {
  const answers: [string, string, Answers][] = [
    [
      'a redirect to another host',
      'REDIRECT',
      (req, res) => res.writeHead(308, { location: `https://www.example.com${req.url ?? ''}` }),
    ],
    [
      "a site's own page",
      'FOREIGN_ANSWER',
      (_req, res) => {
        res.writeHead(200, { 'content-type': 'text/html' }).write('<!doctype html><p>Docs');
      },
    ],
    [
      "another program's JSON",
      'FOREIGN_ANSWER',
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
  test.each(answers)('%s', async (_what, code, write) => {
    deployment.proxy.faults = {
      answer(req, res) {
        write(req, res);
        res.end();
        return true;
      },
    };
    const findings = await deployment.diagnose();
    expect(complaints(findings)).toEqual([`fail ${code}`, unreachable[1]]);
  });

  test('the redirect is named, without its query', async () => {
    deployment.proxy.faults = {
      answer(_req, res) {
        res.writeHead(307, { location: 'https://www.example.com/login?token=abc' }).end();
        return true;
      },
    };
    const [finding] = await deployment.diagnose();
    expect(finding?.seen).toBe(
      `${deployment.proxy.url}/health redirects (307) to https://www.example.com/login?[query]`,
    );
    expect(finding?.fix).toContain('Call https://www.example.com itself');
  });

  test.each(['/session', '/api/auth/get-session'])('a redirect of %s alone', async (path) => {
    deployment.proxy.faults = {
      answer(req, res) {
        // Of a server's call alone; what pages get is looked at with their origin.
        if (req.url !== path || req.headers.origin !== undefined) return false;
        res.writeHead(301, { location: `${path}/` }).end();
        return true;
      },
    };
    expect(complaints(await deployment.diagnose())).toEqual(['fail REDIRECT']);
  });
});

test.each([
  [-3600, 'fail', '3600 s behind'],
  [3600, 'fail', '3600 s ahead of'],
  [-20, 'warn', '20 s behind'],
])('a clock that is off by %i s is told with the direction', async (seconds, status, said) => {
  deployment.proxy.faults = {
    response(headers) {
      headers.date = new Date(Date.now() + seconds * 1000).toUTCString();
    },
  };
  const findings = await deployment.diagnose();
  expect(complaints(findings)).toEqual([`${status} CLOCK_SKEW`]);
  const about = findings.find(({ code }) => code === 'CLOCK_SKEW');
  expect(Number(/is (\d+) s/.exec(about?.seen ?? '')?.[1])).toBeCloseTo(Math.abs(seconds), -1);
  expect(about?.seen).toContain(said.replace(/^\d+ s /, ''));
});

test('clocks that could not be compared are no pass', async () => {
  deployment.proxy.faults = {
    answer(req, res) {
      if (req.url === '/health') res.sendDate = false;
      return false;
    },
    response: (headers) => delete headers.date,
  };
  expect(complaints(await deployment.diagnose())).toEqual(['unknown CLOCK_NOT_COMPARED']);
});

test('a service without its migrations says so, and the doctor the command', async () => {
  const testDatabase = await createTestDatabase({ empty: true });
  const bare = await startDeployment({ testDatabase });
  const [, , finding] = await bare.diagnose();
  await bare.stop();
  await testDatabase.drop();
  expect(finding).toMatchObject({ status: 'fail', code: 'MIGRATIONS_PENDING' });
  expect(finding?.fix).toContain('npm run db:migrate');
});

test('a column that is missing in the live database is told as such', async () => {
  const testDatabase = await createTestDatabase();
  await testDatabase.query('alter table session drop column ip_address');
  const torn = await startDeployment({ testDatabase });
  const findings = await torn.diagnose();
  await torn.stop();
  await testDatabase.drop();
  expect(complaints(findings)[0]).toBe('fail SCHEMA_INCOMPLETE');
  const { fix } = findings.find(({ code }) => code === 'SCHEMA_INCOMPLETE') ?? {};
  expect(fix).toContain('start-up report tells the SQL that mends each part');
  expect(fix).toContain('DIAGNOSTICS_TOKEN');
  expect(fix).not.toMatch(/restore|fresh/);
});

test('a service that refuses its configuration is told so, and examined no further', async () => {
  const refusing = await listen(createRefusingApp(createLogger('silent')), 0);
  const authUrl = `http://127.0.0.1:${refusing.port}`;
  const findings = await diagnose({ authUrl, origins: ['https://docs.example.com'] });
  await refusing.stop();
  expect(complaints(findings)).toEqual(['fail CONFIGURATION_INVALID', unreachable[1]]);
});
