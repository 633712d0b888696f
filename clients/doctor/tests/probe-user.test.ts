/** The checks that need a signed-in user, and the deletion of that user. */
import { afterEach, describe, expect, test } from 'vitest';
import {
  failedFindings,
  startDeployment,
  useDeployment,
  usersOf,
  type Deployment,
} from './support/deployment.js';

let deployment: Deployment;
useDeployment((started) => (deployment = started));
afterEach(async () => {
  expect(await usersOf(deployment)).toEqual([]);
});

const probeUser = true;

test('a healthy deployment yields no failed findings, and the user is deleted', async () => {
  const findings = await deployment.diagnose({ probeUser });
  expect(failedFindings(findings)).toEqual([]);
  expect(findings.slice(5).map(({ section, code }) => `${section}: ${code}`)).toEqual([
    'Cookies: COOKIE_SENT',
    'Session: SESSION',
    'Reasons: REASONS',
    'Sign-out: SIGN_OUT',
    'Cleanup: PROBE_USER_DELETED',
  ]);
  const deletions = deployment.service
    .logLines()
    .filter(({ path }) => path === '/api/auth/delete-user');
  expect(deletions).toHaveLength(1);
});

test.each(['BEARER_TOKENS', 'JWT_TOKENS'])(
  'a deployment with %s=on yields none either',
  async (variable) => {
    const enabled = await startDeployment({ env: { [variable]: 'on' } });
    const findings = await enabled.diagnose({ probeUser });
    const left = await usersOf(enabled);
    await enabled.stop();
    expect(failedFindings(findings)).toEqual([]);
    expect(findings.some(({ code }) => code === 'JWT')).toBe(variable === 'JWT_TOKENS');
    expect(left).toEqual([]);
  },
);

test('with DELETE_GRACE_DAYS the user is reported as locked, not as deleted', async () => {
  const enabled = await startDeployment({ env: { DELETE_GRACE_DAYS: '1' } });
  const findings = await enabled.diagnose({ probeUser });
  await enabled.stop();
  expect(failedFindings(findings)).toEqual([]);
  const cleanup = findings.find(({ code }) => code === 'PROBE_USER_DELETED');
  expect(cleanup?.message).toContain('will be deleted after DELETE_GRACE_DAYS');
});

test('a rate-limited sign-up is retried after Retry-After', async () => {
  const [origin = ''] = deployment.target.origins;
  for (let times = 1; times <= 3; times += 1) {
    await fetch(`${deployment.proxy.url}/api/auth/sign-up/email`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: '{}',
    });
  }
  const waits: string[] = [];
  const findings = await deployment.diagnose({
    probeUser,
    async wait(seconds, reason) {
      waits.push(`${reason} ${seconds > 0 && seconds <= 10 ? 'soon' : seconds}`);
      await deployment.service.database.query('delete from rate_limit');
    },
  });
  expect(waits).toEqual(['sign-up/email is rate-limited, as expected soon']);
  expect(failedFindings(findings)).toEqual([]);
});

describe('each fault of a proxy has a code of its own:', () => {
  test('removes the Cookie header', async () => {
    deployment.proxy.faults = {
      request(headers, req) {
        if (req.method === 'GET') delete headers.cookie;
      },
    };
    const findings = await deployment.diagnose({ probeUser });
    expect(failedFindings(findings)).toEqual(['fail COOKIE_NOT_ACCEPTED']);
    expect(findings.find(({ status }) => status === 'fail')?.fix).toContain('Cookie header');
  });

  test('removes the reason from responses', async () => {
    deployment.proxy.faults = { response: (headers) => delete headers['x-session-reason'] };
    const findings = await deployment.diagnose({ probeUser });
    expect(failedFindings(findings)).toEqual(['warn REASON_HEADER_MISSING']);
  });

  test('removes the Authorization header', async () => {
    const bearer = await startDeployment({ env: { BEARER_TOKENS: 'on' } });
    bearer.proxy.faults = { request: (headers) => delete headers.authorization };
    const findings = await bearer.diagnose({ probeUser });
    await bearer.stop();
    expect(new Set(failedFindings(findings))).toEqual(new Set(['fail REASON_UNEXPECTED']));
  });
});

test('a signing key that no longer decrypts is attributed to the changed secret', async () => {
  const jwt = { JWT_TOKENS: 'on' };
  const before = await startDeployment({ env: jwt });
  await before.diagnose({ probeUser });
  const after = await startDeployment({
    testDatabase: before.service.database,
    env: { ...jwt, BETTER_AUTH_SECRET: 'another-secret-that-is-long-enough-9876543210' },
  });
  const findings = await after.diagnose({ probeUser });
  await after.stop();
  await before.stop();
  expect(failedFindings(findings)).toEqual(['fail JWT_KEY_UNREADABLE']);
});

test('tokens that a proxy refuses are reported as not issued', async () => {
  const jwt = await startDeployment({ env: { JWT_TOKENS: 'on' } });
  jwt.proxy.faults = {
    respond(req, res) {
      if (req.url !== '/api/auth/token') return false;
      res.writeHead(403, { 'content-type': 'application/json' }).end('{}');
      return true;
    },
  };
  const findings = await jwt.diagnose({ probeUser });
  await jwt.stop();
  expect(failedFindings(findings)).toEqual(['warn JWT_NOT_ISSUED']);
});
