/** What the doctor makes of a /ready that says what this service never says. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaints, startDeployment, type Deployment } from '../support/doctor.js';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment.stop());

const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

test.each([
  ['nothing of the kind', 200, '{}', '/ready answers 200'],
  [
    'a state that is no text',
    200,
    '{"status":"ok","checks":{"cache":{"toString":1,"valueOf":1}}}',
    '/ready answers 200: cache without a word',
  ],
  ['a check of its own', 503, '{"checks":{"a":"x"}}', '/ready answers 503: a "x"'],
  [
    'a check that every object has',
    503,
    '{"checks":{"constructor":"x"}}',
    '/ready answers 503: constructor "x"',
  ],
  [
    'a state nested deeper than can be written',
    503,
    `{"checks":{"a":${deep}}}`,
    '/ready answers 503: a without a word',
  ],
])(
  'a /ready that says %s is no pass, and the rest is examined',
  async (_what, status, body, seen) => {
    deployment.proxy.faults = {
      answer(req, res) {
        if (req.url !== '/ready') return false;
        res.writeHead(status, { 'content-type': 'application/json' }).end(body);
        return true;
      },
    };
    const findings = await deployment.diagnose();
    expect(complaints(findings)).toEqual(['fail NOT_READY']);
    expect(findings.find(({ code }) => code === 'NOT_READY')?.seen).toBe(seen);
    expect(findings.at(-1)?.code).toBe('HOSTILE_ORIGINS_REFUSED');
  },
);

test.each([
  ['unavailable', 'DATABASE_UNAVAILABLE', 'cannot be asked'],
  ['read-only', 'DATABASE_READ_ONLY', 'takes no writes'],
  ['unknown', 'NOT_READY', 'database "unknown"'],
])('a database that is %s is told as %s', async (state, code, seen) => {
  deployment.proxy.faults = {
    answer(req, res) {
      if (req.url !== '/ready') return false;
      res.writeHead(503, { 'content-type': 'application/json' });
      res.end(JSON.stringify({ code: 'NOT_READY', checks: { database: state } }));
      return true;
    },
  };
  const findings = await deployment.diagnose();
  expect(complaints(findings)).toEqual([`fail ${code}`]);
  expect(findings.find((finding) => finding.code === code)?.seen).toContain(seen);
});
