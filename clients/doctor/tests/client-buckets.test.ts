/** Whom the rate limits count as one client. */
import { expect, test } from 'vitest';
import { checkClientBuckets } from '../src/checks/client-buckets.js';
import { forgedHeaders } from '../src/checks/forged-headers.js';
import {
  failedFindings,
  startDeployment,
  useDeployment,
  type Deployment,
} from './support/deployment.js';

let deployment: Deployment;
useDeployment((started) => (deployment = started), {
  env: { CLIENT_IP_HEADER: 'x-forwarded-for' },
});

/** Overwrites what the visitor sent. */
const correctProxy: Deployment['proxy']['faults'] = {
  request(headers, req) {
    headers['x-forwarded-for'] = req.socket.remoteAddress ?? '';
  },
};

function checkBuckets(of = deployment, localAddresses: readonly string[] = []) {
  return of.check((context) => checkClientBuckets(context, false), { localAddresses });
}

test('a healthy deployment yields no failed findings', async () => {
  deployment.proxy.faults = correctProxy;
  const findings = await deployment.diagnose({ probeRateLimits: true });
  expect(failedFindings(findings)).toEqual([]);
  expect(findings.slice(5).map(({ section, code }) => `${section}: ${code}`)).toEqual([
    'Rate limits: FORGED_ADDRESS_REFUSED',
    'Rate limits: TWO_BUCKETS',
    'Rate limits: BACKEND',
    'Rate limits: BACKEND',
  ]);
});

test('a header that the visitor sets and the service believes is named', async () => {
  deployment.proxy.faults = {
    request(headers, req) {
      headers['x-forwarded-for'] ??= req.socket.remoteAddress ?? '';
    },
  };
  const findings = await checkBuckets();
  expect(failedFindings(findings)).toEqual(['fail FORGED_ADDRESS_BELIEVED']);
  const fault = findings.find(({ status }) => status === 'fail');
  expect(fault?.message).toBe('the service trusts a forged x-forwarded-for header');
  expect(fault?.fix).toContain('CLIENT_IP_HEADER');
});

test('a proxy whose address counts for all clients is reported', async () => {
  const shared = await startDeployment(); // no CLIENT_IP_HEADER: the proxy's own address
  const findings = await checkBuckets(shared);
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
  const findings = await checkBuckets();
  expect(failedFindings(findings)).toEqual(['fail NO_RATE_LIMIT']);
});

test('with only one route to the service two clients cannot be simulated', async () => {
  deployment.proxy.faults = correctProxy;
  const localAddresses = ['127.0.0.1', '192.0.2.1']; // this machine does not have the second
  const findings = await checkBuckets(deployment, localAddresses);
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
  const findings = await checkBuckets();
  expect(failedFindings(findings)).toEqual(['unknown FORGED_ADDRESS_NOT_CHECKED']);
});

test('a firewall that refuses a forged header does not trust it', async () => {
  deployment.proxy.faults = {
    ...correctProxy,
    respond(req, res) {
      if (req.headers['cf-connecting-ip'] === undefined) return false;
      res.writeHead(403).end('error code: 1000');
      return true;
    },
  };
  expect(failedFindings(await checkBuckets())).toEqual([]);
});

test('an unexpected status of change-password is inconclusive', async () => {
  deployment.proxy.faults = {
    ...correctProxy,
    respond(req, res) {
      if (req.url !== '/api/auth/change-password') return false;
      res.writeHead(503, { 'content-type': 'application/json' }).end('{}');
      return true;
    },
  };
  const findings = await checkBuckets();
  expect(failedFindings(findings)).toEqual(['unknown RATE_LIMIT_NOT_CHECKED']);
});
