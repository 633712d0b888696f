/** Two instances behind one URL with different configurations. */
import { expect, test } from 'vitest';
import {
  failedFindings,
  startDeployment,
  useDeployment,
  type Deployment,
} from './support/deployment.js';

const probeUser = true;

let deployment: Deployment;
useDeployment((started) => (deployment = started));

test('different secrets are reported', async () => {
  const other = await startDeployment({
    testDatabase: deployment.service.database,
    env: { BETTER_AUTH_SECRET: 'another-secret-that-is-long-enough-9876543210' },
  });
  let requests = 0;
  const own = deployment.proxy.target;
  deployment.proxy.faults = {
    request(_headers, req) {
      const isSession = req.url === '/session';
      requests += 1;
      deployment.proxy.target = isSession && requests % 2 === 0 ? other.service.url : own;
    },
  };
  const findings = await deployment.diagnose({ probeUser });
  deployment.proxy.target = own;
  await other.stop();
  expect(failedFindings(findings)).toEqual(['fail COOKIE_NOT_ACCEPTED']);
  const fault = findings.find(({ status }) => status === 'fail');
  expect(fault?.message).toContain('bad_signature');
  expect(fault?.fix).toContain('BETTER_AUTH_SECRET');
});

test('a user that only the other instance knows is reported as remaining', async () => {
  const { proxy, service } = deployment;
  const other = await startDeployment({ env: { BETTER_AUTH_URL: proxy.url } });
  proxy.faults = {
    request(_headers, req) {
      proxy.target = req.url === '/api/auth/sign-up/email' ? service.url : other.service.url;
    },
  };
  const findings = await deployment.diagnose({ probeUser });
  proxy.target = service.url;
  await other.stop();
  expect(failedFindings(findings)).toEqual(['fail COOKIE_NOT_ACCEPTED', 'fail PROBE_USER_REMAINS']);
  expect(await deployment.service.database.query('select email from "user"')).toHaveLength(1);
  await service.database.query('delete from "user"');
});
