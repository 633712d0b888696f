/** With DIAGNOSTICS_TOKEN: what deployments tell of themselves, and whether two of them can share a session. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { complaints, startDeployment, type Deployment } from '../support/doctor.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const diagnosticsToken = 'a-diagnostics-token-of-more-than-32-characters';
const env = { DIAGNOSTICS_TOKEN: diagnosticsToken };
const otherSecret = 'another-secret-that-is-long-enough-9876543210';

let testDatabase: TestDatabase;
let deployment: Deployment;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  deployment = await startDeployment({ env, testDatabase });
});
afterAll(async () => {
  await deployment.stop();
  await testDatabase.drop();
});
afterEach(() => {
  deployment.proxy.faults = {};
});

/** Only what the deployments say; what this configuration of a test is warned of counts for nothing. */
async function reportOf(
  of: Deployment,
  changes: Parameters<Deployment['diagnose']>[0] = {},
): Promise<string[]> {
  const findings = await of.diagnose({ diagnosticsToken, ...changes });
  const sections = ['Its own report', 'Other deployments'];
  const own = findings.filter(({ section }) => sections.includes(section));
  return own.filter(({ status }) => status !== 'ok').map(({ status, code }) => `${status} ${code}`);
}

test('what the start-up report complains about is told, with its variable', async () => {
  const slash = await startDeployment({
    testDatabase,
    env: { ...env, BETTER_AUTH_TRUSTED_ORIGINS: 'http://127.0.0.1:3000/' },
  });
  const usual = await reportOf(deployment);
  const findings = await slash.diagnose({ diagnosticsToken });
  await slash.stop();
  const told = complaints(findings).filter((complaint) => !usual.includes(complaint));
  expect(told).toEqual(['warn ORIGIN_TRAILING_SLASH']);
  const finding = findings.find(({ code }) => code === 'ORIGIN_TRAILING_SLASH');
  expect(finding?.seen).toMatch(/^BETTER_AUTH_TRUSTED_ORIGINS ends with a slash/);
});

describe('what is not told could not be examined:', () => {
  test.each([
    ['without a token there', 'DIAGNOSTICS_OFF', { DIAGNOSTICS_TOKEN: '' }],
    [
      'with another token there',
      'DIAGNOSTICS_TOKEN_WRONG',
      { DIAGNOSTICS_TOKEN: 'another-token-of-more-than-32-characters-0' },
    ],
  ])('%s', async (_what, code, changed) => {
    const silent = await startDeployment({ testDatabase, env: changed });
    const told = await reportOf(silent);
    await silent.stop();
    expect(told).toEqual([`unknown ${code}`]);
  });

  test('another deployment, without a token here', async () => {
    const told = await reportOf(deployment, {
      diagnosticsToken: undefined,
      compare: [deployment.proxy.url],
    });
    expect(told).toEqual(['unknown DIAGNOSTICS_TOKEN_MISSING']);
  });

  test.each(['with-a-line-break-\n', 'with a blank', 'with-ümlaut'])(
    'with a token here that no header carries: %j',
    async (token) => {
      expect(await reportOf(deployment, { diagnosticsToken: token })).toEqual([
        'unknown DIAGNOSTICS_TOKEN_UNSENDABLE',
      ]);
    },
  );

  test('by a version that answers otherwise', async () => {
    deployment.proxy.faults = {
      answer(req, res) {
        if (req.url !== '/diagnostics') return false;
        res.writeHead(200, { 'content-type': 'application/json' }).end('{"startup":{}}');
        return true;
      },
    };
    expect(await reportOf(deployment)).toEqual(['unknown DIAGNOSTICS_UNREADABLE']);
  });

  test('where the examined deployment tells nothing, the other is not compared', async () => {
    const silent = await startDeployment({ testDatabase, env: { DIAGNOSTICS_TOKEN: '' } });
    const told = await reportOf(silent, { compare: [deployment.proxy.url] });
    await silent.stop();
    expect(told).toEqual(['unknown DIAGNOSTICS_OFF', 'unknown NOT_COMPARED']);
  });

  test('over http beyond this machine, where the token is not even sent', async () => {
    let sent = 0;
    deployment.proxy.faults = {
      request(headers, req) {
        if (req.headers.host?.startsWith('other.') === true && headers['x-diagnostics-token'])
          sent += 1;
      },
    };
    const compare = [`http://other.example.com:${deployment.proxy.port}`];
    expect((await reportOf(deployment, { compare })).at(-1)).toBe('unknown DIAGNOSTICS_NOT_HTTPS');
    expect(sent).toBe(0);
  });
});

describe('two deployments', () => {
  async function compared(options: Parameters<typeof startDeployment>[0]) {
    const other = await startDeployment({
      testDatabase,
      ...options,
      env: { ...env, ...options?.env },
    });
    const findings = await deployment.diagnose({ diagnosticsToken, compare: [other.proxy.url] });
    await other.stop();
    return findings
      .filter(({ section }) => section === 'Other deployments')
      .map(({ status, code, seen }) => ({ told: `${status} ${code}`, seen, url: other.proxy.url }));
  }

  test('with one secret and one database agree', async () => {
    const findings = await compared({});
    expect(findings.map(({ told }) => told)).toEqual(['ok SECRETS_AGREE', 'ok DATABASES_AGREE']);
  });

  test('with different secrets are both named, by fingerprint', async () => {
    const findings = await compared({ env: { BETTER_AUTH_SECRET: otherSecret } });
    expect(findings.map(({ told }) => told)).toEqual(['fail SECRETS_DIFFER', 'ok DATABASES_AGREE']);
    expect(findings[0]?.seen).toContain(deployment.proxy.url);
    expect(findings[0]?.seen).toContain(findings[0]?.url);
    expect(findings[0]?.seen).toMatch(/signs with [0-9a-f]{8}, .* with [0-9a-f]{8}$/);
    expect(findings[0]?.seen).not.toContain(otherSecret);
  });

  test('of which each knows the other’s secret agree while a secret is rotated', async () => {
    const both = (first: string, second: string) => ({
      env: { ...env, BETTER_AUTH_SECRET: '', BETTER_AUTH_SECRETS: `${first},${second}` },
      testDatabase,
    });
    const [old, young] = ['1:a-secret-of-more-than-32-characters-0123', `2:${otherSecret}`];
    const before = await startDeployment(both(old, young));
    const after = await startDeployment(both(young, old));
    const told = await reportOf(before, { compare: [after.proxy.url] });
    await before.stop();
    await after.stop();
    expect(told.filter((each) => each.includes('SECRETS'))).toEqual([]);
  });

  test('of which one alone knows the other’s secret do not agree', async () => {
    const old = 'a-secret-of-more-than-32-characters-0123';
    const secrets = { BETTER_AUTH_SECRET: '', BETTER_AUTH_SECRETS: `2:${otherSecret},1:${old}` };
    const before = await startDeployment({
      env: { ...env, BETTER_AUTH_SECRET: old },
      testDatabase,
    });
    const after = await startDeployment({ env: { ...env, ...secrets }, testDatabase });
    const told = await reportOf(before, { compare: [after.proxy.url] });
    const toldByTheOther = await reportOf(after, { compare: [before.proxy.url] });
    await before.stop();
    await after.stop();
    expect(told).toContain('fail SECRETS_DIFFER');
    expect(toldByTheOther).toContain('fail SECRETS_DIFFER');
  });

  test('with different databases are told', async () => {
    const elsewhere = await createTestDatabase();
    const findings = await compared({ testDatabase: elsewhere });
    await elsewhere.drop();
    expect(findings.map(({ told }) => told)).toEqual(['ok SECRETS_AGREE', 'fail DATABASES_DIFFER']);
  });

  test('of which one cannot leave its canary could not be compared', async () => {
    const elsewhere = await createTestDatabase();
    await elsewhere.query('drop table deployment_canary');
    const findings = await compared({ testDatabase: elsewhere });
    await elsewhere.drop();
    expect(findings[1]).toMatchObject({ told: 'unknown DATABASES_NOT_COMPARED' });
    expect(findings[1]?.seen).toContain(findings[1]?.url);
  });
});

describe('verdicts since start', () => {
  const ask = (of: Deployment, cookie?: string) =>
    fetch(`${of.service.url}/session`, { headers: { ...(cookie !== undefined && { cookie }) } });

  async function after(times: number, cookie?: string) {
    const fresh = await startDeployment({ env, testDatabase });
    for (let time = 1; time <= times; time += 1) await ask(fresh, cookie);
    const findings = await fresh.diagnose({ diagnosticsToken });
    await fresh.stop();
    return findings.filter(({ code }) => code === 'VERDICTS');
  }

  test('of pages that never send a cookie are told by credentials: include', async () => {
    const [finding] = await after(200);
    expect(finding?.status).toBe('warn');
    expect(finding?.fix).toContain("credentials: 'include'");
  });

  test('of a few examinations, and of nobody else, are no complaint', async () => {
    const fresh = await startDeployment({ env, testDatabase });
    for (const time of ['first', 'second', 'third']) {
      const findings = await fresh.diagnose({ diagnosticsToken });
      const told = findings.filter(({ code }) => code === 'VERDICTS');
      expect(told, time).toMatchObject([{ status: 'ok' }]);
    }
    await fresh.stop();
  });

  test('of a caller that spoils the cookie are told by their reason', async () => {
    const [finding] = await after(20, 'better-auth.session_token=cut-short');
    expect(finding?.status).toBe('warn');
    expect(finding?.seen).toMatch(
      /^20 of \d+ session checks since .* ended with malformed_cookie$/,
    );
  });
});

describe('whom the service takes this machine for:', () => {
  test('a forged header that is believed is named without using a limit up', async () => {
    const believing = await startDeployment({
      testDatabase,
      env: { ...env, CLIENT_IP_HEADER: 'x-real-ip' },
    });
    const findings = await believing.diagnose({ diagnosticsToken });
    await believing.stop();
    const fault = findings.find(({ status }) => status === 'fail');
    expect(fault).toMatchObject({
      code: 'FORGED_ADDRESS_BELIEVED',
      seen: 'the service believes a forged x-real-ip',
    });
  });

  test('an address of its own network is a proxy that counts for everybody', async () => {
    const behind = await startDeployment({ testDatabase, host: 'auth.example.com', env });
    const told = await reportOf(behind);
    await behind.stop();
    expect(told.filter((each) => each.startsWith('fail'))).toEqual(['fail ALL_IN_ONE_BUCKET']);
  });
});
