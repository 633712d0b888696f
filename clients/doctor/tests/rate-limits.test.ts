import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { forgedHeaders } from '../src/checks/forged-headers.js';
import { failedFindings, startDeployment, type Deployment } from './support/deployment.js';

const probeRateLimits = true;

let deployment: Deployment;
beforeAll(async () => {
  // Its proxy tells the service who called, as a good one does: whatever the visitor sent is overwritten.
  deployment = await startDeployment({ env: { CLIENT_IP_HEADER: 'x-forwarded-for' } });
});
afterAll(() => deployment.stop());
const correctProxy: Deployment['proxy']['faults'] = {
  request(headers, req) {
    headers['x-forwarded-for'] = req.socket.remoteAddress ?? '';
  },
};
afterEach(async () => {
  deployment.proxy.faults = {};
  await deployment.service.database.query('delete from rate_limit');
});

test('a healthy deployment yields no failed findings', async () => {
  deployment.proxy.faults = correctProxy;
  const findings = await deployment.diagnose({ probeRateLimits });
  expect(failedFindings(findings)).toEqual([]);
  expect(findings.slice(5).map(({ code }) => code)).toEqual([
    'FORGED_ADDRESS_REFUSED',
    'TWO_BUCKETS',
    'BACKEND',
    'BACKEND',
  ]);
});

test('a header that the visitor sets and the service believes is named', async () => {
  deployment.proxy.faults = {
    request(headers, req) {
      headers['x-forwarded-for'] ??= req.socket.remoteAddress ?? '';
    },
  };
  const findings = await deployment.diagnose({ probeRateLimits });
  expect(failedFindings(findings)).toEqual(['fail FORGED_ADDRESS_BELIEVED']);
  const fault = findings.find(({ status }) => status === 'fail');
  expect(fault?.message).toBe('the service trusts a forged x-forwarded-for header');
  expect(fault?.fix).toContain('CLIENT_IP_HEADER');
});

test('a proxy whose address counts for all clients is reported', async () => {
  const shared = await startDeployment(); // no CLIENT_IP_HEADER: the proxy's own address
  const findings = await shared.diagnose({ probeRateLimits });
  await shared.stop();
  expect(failedFindings(findings)).toEqual(['fail SHARED_RATE_LIMIT']);
  expect(findings.find(({ status }) => status === 'fail')?.fix).toContain('CLIENT_IP_HEADER');
});

test('a new address for each call means no limit', async () => {
  let calls = 0;
  deployment.proxy.faults = {
    request(headers) {
      calls += 1;
      headers['x-forwarded-for'] = `203.0.113.${calls % 250}`;
    },
  };
  const findings = await deployment.diagnose({ probeRateLimits });
  expect(failedFindings(findings)).toEqual(['fail NO_RATE_LIMIT']);
});

test('with only one route to the service two clients cannot be simulated', async () => {
  deployment.proxy.faults = correctProxy;
  const localAddresses = ['127.0.0.1', '192.0.2.1']; // this machine does not have the second
  const findings = await deployment.diagnose({ probeRateLimits, localAddresses });
  expect(failedFindings(findings)).toEqual(['unknown TWO_CLIENTS_NOT_CHECKED']);
});

test('a limit that expires before the last header is inconclusive', async () => {
  let calls = 0;
  deployment.proxy.faults = {
    request(headers, req) {
      // As if ten seconds had passed: the last call finds room again.
      const isOver = req.url === '/api/auth/change-password' && (calls += 1) > lastForged;
      headers['x-forwarded-for'] = isOver ? '203.0.113.7' : (req.socket.remoteAddress ?? '');
    },
  };
  const lastForged = 4 + forgedHeaders().length;
  const findings = await deployment.diagnose({ probeRateLimits });
  expect(failedFindings(findings)).toEqual(['unknown FORGED_ADDRESS_NOT_CHECKED']);
});

const json = { 'content-type': 'application/json' };

test('a firewall that refuses a forged header does not trust it', async () => {
  deployment.proxy.faults = {
    ...correctProxy,
    respond(req, res) {
      if (req.headers['cf-connecting-ip'] === undefined) return false;
      res.writeHead(403).end('error code: 1000');
      return true;
    },
  };
  expect(failedFindings(await deployment.diagnose({ probeRateLimits }))).toEqual([]);
});

test('an unexpected status of change-password is inconclusive', async () => {
  deployment.proxy.faults = {
    ...correctProxy,
    respond(req, res) {
      if (req.url !== '/api/auth/change-password') return false;
      res.writeHead(503, json).end('{}');
      return true;
    },
  };
  const findings = await deployment.diagnose({ probeRateLimits });
  expect(failedFindings(findings)).toEqual(['unknown RATE_LIMIT_NOT_CHECKED']);
});

test('calls that all fail are inconclusive', async () => {
  deployment.proxy.faults = {
    ...correctProxy,
    respond(req, res) {
      // The first call is the reachability check.
      if (req.url !== '/session' || (reached += 1) === 1) return false;
      res.writeHead(503, json).end('{}');
      return true;
    },
  };
  let reached = 0;
  const findings = await deployment.diagnose({ probeRateLimits });
  expect(failedFindings(findings)).toEqual(['unknown BACKEND_NOT_CHECKED']);
});

test('calls that take longer than the limit are inconclusive', async () => {
  const now = performance.now.bind(performance);
  let passed = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + passed);
  deployment.proxy.faults = {
    request(headers, req) {
      correctProxy.request?.(headers, req);
      if (req.url === '/session') passed += 100;
    },
  };
  const findings = await deployment.diagnose({ probeRateLimits });
  vi.restoreAllMocks();
  expect(failedFindings(findings)).toEqual(['unknown BACKEND_NOT_CHECKED']);
  const slow = findings.find(({ code }) => code === 'BACKEND_NOT_CHECKED');
  expect(slow?.message).toMatch(/^\/session took 1\d s for 120 calls/);
});

describe('a proxy that limits', () => {
  test('a backend with 503, as nginx does, is reported', async () => {
    let calls = 0;
    deployment.proxy.faults = {
      ...correctProxy,
      respond(req, res) {
        if (req.url !== '/session' || (calls += 1) <= 100) return false;
        res.writeHead(503, json).end('{}');
        return true;
      },
    };
    const findings = await deployment.diagnose({ probeRateLimits });
    expect(failedFindings(findings)).toEqual(['fail BACKEND_LIMITED']);
    expect(findings.find(({ status }) => status === 'fail')?.message).toContain('respond 503');
  });

  test.each(['/session', '/api/auth/get-session'])('%s for a backend is reported', async (path) => {
    let calls = 0;
    deployment.proxy.faults = {
      ...correctProxy,
      respond(req, res) {
        if (req.url !== path) return false;
        calls += 1;
        if (calls <= 100) return false;
        res.writeHead(429, json).end('{}');
        return true;
      },
    };
    const findings = await deployment.diagnose({ probeRateLimits });
    expect(failedFindings(findings)).toEqual(['fail BACKEND_LIMITED']);
    expect(findings.find(({ status }) => status === 'fail')?.message).toContain(`calls of ${path}`);
  });
});
