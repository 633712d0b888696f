/** Responses of /ready, including some that this service never gives. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failedFindings, startDeployment, type Deployment } from './support/deployment.js';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment.stop());

const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

test.each([
  ['an empty object', 200, '{}', '/ready responds 200'],
  [
    'a state that is not a string',
    200,
    '{"status":"ok","checks":{"cache":{"toString":1,"valueOf":1}}}',
    '/ready responds 200: cache with an invalid state',
  ],
  ['an unknown check', 503, '{"checks":{"a":"x"}}', '/ready responds 503: a "x"'],
  [
    'a check named like a property of every object',
    503,
    '{"checks":{"constructor":"x"}}',
    '/ready responds 503: constructor "x"',
  ],
  [
    'a state nested too deeply to be serialized',
    503,
    `{"checks":{"a":${deep}}}`,
    '/ready responds 503: a with an invalid state',
  ],
])(
  'a /ready with %s counts as not passed, and the remaining checks run',
  async (_what, status, body, message) => {
    deployment.proxy.faults = {
      respond(req, res) {
        if (req.url !== '/ready') return false;
        res.writeHead(status, { 'content-type': 'application/json' }).end(body);
        return true;
      },
    };
    const findings = await deployment.diagnose();
    expect(failedFindings(findings)).toEqual(['fail NOT_READY']);
    expect(findings.find(({ code }) => code === 'NOT_READY')?.message).toBe(message);
    expect(findings.at(-1)?.code).toBe('HOSTILE_ORIGINS_REFUSED');
  },
);

test.each([
  ['unavailable', 'DATABASE_UNAVAILABLE', 'is unavailable'],
  ['read-only', 'DATABASE_READ_ONLY', 'is read-only'],
  ['unknown', 'NOT_READY', 'database "unknown"'],
])('a database that is %s is reported as %s', async (state, code, expected) => {
  deployment.proxy.faults = {
    respond(req, res) {
      if (req.url !== '/ready') return false;
      res.writeHead(503, { 'content-type': 'application/json' });
      res.end(JSON.stringify({ code: 'NOT_READY', checks: { database: state } }));
      return true;
    },
  };
  const findings = await deployment.diagnose();
  expect(failedFindings(findings)).toEqual([`fail ${code}`]);
  expect(findings.find((finding) => finding.code === code)?.message).toContain(expected);
});
