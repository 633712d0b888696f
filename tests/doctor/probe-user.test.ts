/** What the doctor finds as a signed-in user, and that nothing of that user is left. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { complaints, startDeployment, usersOf, type Deployment } from '../support/doctor.js';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment.stop());
afterEach(async () => {
  deployment.proxy.faults = {};
  expect(await usersOf(deployment)).toEqual([]);
  await deployment.service.database.query('delete from rate_limit');
});

const probeUser = true;

test('of a sound deployment nothing is complained about, and the user is gone', async () => {
  const findings = await deployment.diagnose({ probeUser });
  expect(complaints(findings)).toEqual([]);
  expect(findings.slice(5).map(({ section, code }) => `${section}: ${code}`)).toEqual([
    'Cookies: COOKIE_SENT',
    'Session: SESSION',
    'Reasons: REASONS',
    'Sign-out: SIGN_OUT',
    'Clean-up: PROBE_USER_DELETED',
  ]);
  const deletions = deployment.service
    .logLines()
    .filter(({ path }) => path === '/api/auth/delete-user');
  expect(deletions).toHaveLength(1);
});

test.each(['BEARER_TOKENS', 'JWT_TOKENS'])('nor of one with %s=on', async (variable) => {
  const sound = await startDeployment({ env: { [variable]: 'on' } });
  const findings = await sound.diagnose({ probeUser });
  const left = await usersOf(sound);
  await sound.stop();
  expect(complaints(findings)).toEqual([]);
  expect(findings.some(({ code }) => code === 'JWT')).toBe(variable === 'JWT_TOKENS');
  expect(left).toEqual([]);
});

test('a limited sign-up is waited for, by what the service says', async () => {
  const [origin = ''] = deployment.examined.origins;
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
    async wait(seconds, why) {
      waits.push(`${why} ${seconds > 0 && seconds <= 10 ? 'soon' : seconds}`);
      await deployment.service.database.query('delete from rate_limit');
    },
  });
  expect(waits).toEqual(['sign-up/email is limited, as it should be soon']);
  expect(complaints(findings)).toEqual([]);
});

describe('what a proxy does on the way in is told by its own name:', () => {
  test('takes the Cookie header away', async () => {
    deployment.proxy.faults = {
      request(headers, req) {
        if (req.method === 'GET') delete headers.cookie;
      },
    };
    const findings = await deployment.diagnose({ probeUser });
    expect(complaints(findings)).toEqual(['fail COOKIE_NOT_ACCEPTED']);
    expect(findings.find(({ status }) => status === 'fail')?.fix).toContain('Cookie header');
  });

  test('takes the reason away from the answers', async () => {
    deployment.proxy.faults = { response: (headers) => delete headers['x-session-reason'] };
    const findings = await deployment.diagnose({ probeUser });
    expect(complaints(findings)).toEqual(['warn REASON_HEADER_MISSING']);
  });

  test('takes Authorization away', async () => {
    const bearer = await startDeployment({ env: { BEARER_TOKENS: 'on' } });
    bearer.proxy.faults = { request: (headers) => delete headers.authorization };
    const findings = await bearer.diagnose({ probeUser });
    await bearer.stop();
    const told = complaints(findings);
    expect(new Set(told)).toEqual(new Set(['fail REASON_UNEXPECTED']));
  });
});

test('a JSON Web Key that no longer decrypts is told by the secret that changed', async () => {
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
  expect(complaints(findings)).toEqual(['fail JWT_KEY_UNREADABLE']);
});

test('tokens that something in front refuses are told as not issued', async () => {
  const jwt = await startDeployment({ env: { JWT_TOKENS: 'on' } });
  jwt.proxy.faults = {
    answer(req, res) {
      if (req.url !== '/api/auth/token') return false;
      res.writeHead(403, { 'content-type': 'application/json' }).end('{}');
      return true;
    },
  };
  const findings = await jwt.diagnose({ probeUser });
  await jwt.stop();
  expect(complaints(findings)).toEqual(['warn JWT_NOT_ISSUED']);
});
