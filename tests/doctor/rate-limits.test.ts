import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { forgedHeaders } from '../../src/doctor/checks/forged-headers.js';
import { complaints, startDeployment, type Deployment } from '../support/doctor.js';

const probeRateLimits = true;

let deployment: Deployment;
beforeAll(async () => {
  // Its proxy tells the service who called, as a good one does: whatever the visitor sent is overwritten.
  deployment = await startDeployment({ env: { CLIENT_IP_HEADER: 'x-forwarded-for' } });
});
afterAll(() => deployment.stop());
const soundProxy: Deployment['proxy']['faults'] = {
  request(headers, req) {
    headers['x-forwarded-for'] = req.socket.remoteAddress ?? '';
  },
};
afterEach(async () => {
  deployment.proxy.faults = {};
  await deployment.service.database.query('delete from rate_limit');
});

test('of a sound deployment nothing is complained about', async () => {
  deployment.proxy.faults = soundProxy;
  const findings = await deployment.diagnose({ probeRateLimits });
  expect(complaints(findings)).toEqual([]);
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
  expect(complaints(findings)).toEqual(['fail FORGED_ADDRESS_BELIEVED']);
  const fault = findings.find(({ status }) => status === 'fail');
  expect(fault?.seen).toBe('the service believes a forged x-forwarded-for');
  expect(fault?.fix).toContain('CLIENT_IP_HEADER');
});

test('a proxy whose address counts for everybody is told by two clients', async () => {
  const shared = await startDeployment(); // no CLIENT_IP_HEADER: the proxy's own address
  const findings = await shared.diagnose({ probeRateLimits });
  await shared.stop();
  expect(complaints(findings)).toEqual(['fail ALL_IN_ONE_BUCKET']);
  expect(findings.find(({ status }) => status === 'fail')?.fix).toContain('CLIENT_IP_HEADER');
});

test('a new address for each call is no limit at all', async () => {
  let calls = 0;
  deployment.proxy.faults = {
    request(headers) {
      calls += 1;
      headers['x-forwarded-for'] = `203.0.113.${calls % 250}`;
    },
  };
  const findings = await deployment.diagnose({ probeRateLimits });
  expect(complaints(findings)).toEqual(['fail NO_RATE_LIMIT']);
});

test('with one way to the service two clients could not be examined, which is no pass', async () => {
  deployment.proxy.faults = soundProxy;
  const localAddresses = ['127.0.0.1', '192.0.2.1']; // the second is not this machine's
  const findings = await deployment.diagnose({ probeRateLimits, localAddresses });
  expect(complaints(findings)).toEqual(['unknown TWO_CLIENTS_NOT_EXAMINED']);
});

test('a limit that is over before every header was tried shows nothing', async () => {
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
  expect(complaints(findings)).toEqual(['unknown FORGED_ADDRESS_NOT_EXAMINED']);
});

const json = { 'content-type': 'application/json' };

test('a firewall that refuses a forged header believes none', async () => {
  deployment.proxy.faults = {
    ...soundProxy,
    answer(req, res) {
      if (req.headers['cf-connecting-ip'] === undefined) return false;
      res.writeHead(403).end('error code: 1000');
      return true;
    },
  };
  expect(complaints(await deployment.diagnose({ probeRateLimits }))).toEqual([]);
});

test('where change-password does not answer as the service does, no limit is claimed or denied', async () => {
  deployment.proxy.faults = {
    ...soundProxy,
    answer(req, res) {
      if (req.url !== '/api/auth/change-password') return false;
      res.writeHead(503, json).end('{}');
      return true;
    },
  };
  const findings = await deployment.diagnose({ probeRateLimits });
  expect(complaints(findings)).toEqual(['unknown RATE_LIMIT_NOT_EXAMINED']);
});

test('nobody is told that calls are answered where all of them fail', async () => {
  deployment.proxy.faults = {
    ...soundProxy,
    answer(req, res) {
      // Once for the examination of what answers at all.
      if (req.url !== '/session' || (reached += 1) === 1) return false;
      res.writeHead(503, json).end('{}');
      return true;
    },
  };
  let reached = 0;
  const findings = await deployment.diagnose({ probeRateLimits });
  expect(complaints(findings)).toEqual(['unknown BACKEND_NOT_EXAMINED']);
});

test('calls that take longer than the limit lasts show none', async () => {
  const now = performance.now.bind(performance);
  let passed = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + passed);
  deployment.proxy.faults = {
    request(headers, req) {
      soundProxy.request?.(headers, req);
      if (req.url === '/session') passed += 100;
    },
  };
  const findings = await deployment.diagnose({ probeRateLimits });
  vi.restoreAllMocks();
  expect(complaints(findings)).toEqual(['unknown BACKEND_NOT_EXAMINED']);
  const slow = findings.find(({ code }) => code === 'BACKEND_NOT_EXAMINED');
  expect(slow?.seen).toMatch(/^\/session took 1\d s for 120 calls/);
});

describe('a proxy that limits', () => {
  test('a backend by 503, as nginx does, is told', async () => {
    let calls = 0;
    deployment.proxy.faults = {
      ...soundProxy,
      answer(req, res) {
        if (req.url !== '/session' || (calls += 1) <= 100) return false;
        res.writeHead(503, json).end('{}');
        return true;
      },
    };
    const findings = await deployment.diagnose({ probeRateLimits });
    expect(complaints(findings)).toEqual(['fail BACKEND_LIMITED']);
    expect(findings.find(({ status }) => status === 'fail')?.seen).toContain('answered 503');
  });

  test.each(['/session', '/api/auth/get-session'])('%s for a backend is told', async (path) => {
    let calls = 0;
    deployment.proxy.faults = {
      ...soundProxy,
      answer(req, res) {
        if (req.url !== path) return false;
        calls += 1;
        if (calls <= 100) return false;
        res.writeHead(429, json).end('{}');
        return true;
      },
    };
    const findings = await deployment.diagnose({ probeRateLimits });
    expect(complaints(findings)).toEqual(['fail BACKEND_LIMITED']);
    expect(findings.find(({ status }) => status === 'fail')?.seen).toContain(`calls of ${path}`);
  });
});
