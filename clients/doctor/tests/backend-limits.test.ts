/** Limits that a proxy imposes on the session checks of a backend. */
import { describe, expect, test, vi } from 'vitest';
import { checkBackendLimits } from '../src/checks/backend-limits.js';
import { failedFindings, useDeployment, type Deployment } from './support/deployment.js';

let deployment: Deployment;
useDeployment((started) => (deployment = started));

const json = { 'content-type': 'application/json' };

test('calls that all fail are inconclusive', async () => {
  deployment.proxy.faults = {
    respond(req, res) {
      if (req.url !== '/session') return false;
      res.writeHead(503, json).end('{}');
      return true;
    },
  };
  const findings = await deployment.check(checkBackendLimits);
  expect(failedFindings(findings)).toEqual(['unknown BACKEND_NOT_CHECKED']);
});

test('calls that take longer than the limit are inconclusive', async () => {
  const now = performance.now.bind(performance);
  let passed = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + passed);
  deployment.proxy.faults = {
    request(_headers, req) {
      if (req.url === '/session') passed += 100;
    },
  };
  const findings = await deployment.check(checkBackendLimits);
  vi.restoreAllMocks();
  expect(failedFindings(findings)).toEqual(['unknown BACKEND_NOT_CHECKED']);
  const slow = findings.find(({ code }) => code === 'BACKEND_NOT_CHECKED');
  expect(slow?.message).toMatch(/^\/session took 1\d s for 120 calls/);
});

describe('a proxy that limits', () => {
  test('a backend with 503, as nginx does, is reported', async () => {
    let calls = 0;
    deployment.proxy.faults = {
      respond(req, res) {
        if (req.url !== '/session' || (calls += 1) <= 100) return false;
        res.writeHead(503, json).end('{}');
        return true;
      },
    };
    const findings = await deployment.check(checkBackendLimits);
    expect(failedFindings(findings)).toEqual(['fail BACKEND_LIMITED']);
    expect(findings.find(({ status }) => status === 'fail')?.message).toContain('respond 503');
  });

  test.each(['/session', '/api/auth/get-session'])('%s for a backend is reported', async (path) => {
    let calls = 0;
    deployment.proxy.faults = {
      respond(req, res) {
        if (req.url !== path) return false;
        calls += 1;
        if (calls <= 100) return false;
        res.writeHead(429, json).end('{}');
        return true;
      },
    };
    const findings = await deployment.check(checkBackendLimits);
    expect(failedFindings(findings)).toEqual(['fail BACKEND_LIMITED']);
    expect(findings.find(({ status }) => status === 'fail')?.message).toContain(`calls of ${path}`);
  });
});
