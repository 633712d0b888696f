/** With DIAGNOSTICS_TOKEN: what deployments report about themselves, and whether two of them share sessions. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { failedFindings, startDeployment, type Deployment } from './support/deployment.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/test-database.js';

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

/** Only the sections that come from /diagnostics. */
async function reportOf(
  of: Deployment,
  changes: Parameters<Deployment['diagnose']>[0] = {},
): Promise<string[]> {
  const findings = await of.diagnose({ diagnosticsToken, ...changes });
  const sections = ['Deployment report', 'Other deployments'];
  return failedFindings(findings.filter(({ section }) => sections.includes(section)));
}

test('warnings of the startup report are listed with their variable', async () => {
  const slash = await startDeployment({
    testDatabase,
    env: { ...env, BETTER_AUTH_TRUSTED_ORIGINS: 'http://127.0.0.1:3000/' },
  });
  const usual = await reportOf(deployment);
  const findings = await slash.diagnose({ diagnosticsToken });
  await slash.stop();
  const added = failedFindings(findings).filter((each) => !usual.includes(each));
  expect(added).toEqual(['warn ORIGIN_TRAILING_SLASH']);
  const finding = findings.find(({ code }) => code === 'ORIGIN_TRAILING_SLASH');
  expect(finding?.message).toMatch(/^BETTER_AUTH_TRUSTED_ORIGINS ends with a slash/);
});

describe('a deployment without a readable report could not be checked:', () => {
  test.each([
    ['without a token there', 'DIAGNOSTICS_OFF', { DIAGNOSTICS_TOKEN: '' }],
    [
      'with another token there',
      'DIAGNOSTICS_TOKEN_WRONG',
      { DIAGNOSTICS_TOKEN: 'another-token-of-more-than-32-characters-0' },
    ],
  ])('%s', async (_what, code, changed) => {
    const silent = await startDeployment({ testDatabase, env: changed });
    const failed = await reportOf(silent);
    await silent.stop();
    expect(failed).toEqual([`unknown ${code}`]);
  });

  test('another deployment, without a token here', async () => {
    const failed = await reportOf(deployment, {
      diagnosticsToken: undefined,
      compare: [deployment.proxy.url],
    });
    expect(failed).toEqual(['unknown DIAGNOSTICS_TOKEN_MISSING']);
  });

  test.each(['with-a-line-break-\n', 'with a blank', 'with-ümlaut'])(
    'with a token here that a header cannot contain: %j',
    async (token) => {
      expect(await reportOf(deployment, { diagnosticsToken: token })).toEqual([
        'unknown DIAGNOSTICS_TOKEN_UNSENDABLE',
      ]);
    },
  );

  test('with a version that responds in another format', async () => {
    deployment.proxy.faults = {
      respond(req, res) {
        if (req.url !== '/diagnostics') return false;
        res.writeHead(200, { 'content-type': 'application/json' }).end('{"startup":{}}');
        return true;
      },
    };
    expect(await reportOf(deployment)).toEqual(['unknown DIAGNOSTICS_UNREADABLE']);
  });

  test('without a report of the checked deployment, the other is not compared', async () => {
    const silent = await startDeployment({ testDatabase, env: { DIAGNOSTICS_TOKEN: '' } });
    const failed = await reportOf(silent, { compare: [deployment.proxy.url] });
    await silent.stop();
    expect(failed).toEqual(['unknown DIAGNOSTICS_OFF', 'unknown NOT_COMPARED']);
  });

  test('over http to another machine, where the token is not sent', async () => {
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
      .map(({ status, code, message }) => ({
        finding: `${status} ${code}`,
        message,
        url: other.proxy.url,
      }));
  }

  test('with one secret and one database agree', async () => {
    const findings = await compared({});
    expect(findings.map(({ finding }) => finding)).toEqual([
      'ok SECRETS_AGREE',
      'ok DATABASES_AGREE',
    ]);
  });

  test('with different secrets are both named with their fingerprint', async () => {
    const findings = await compared({ env: { BETTER_AUTH_SECRET: otherSecret } });
    expect(findings.map(({ finding }) => finding)).toEqual([
      'fail SECRETS_DIFFER',
      'ok DATABASES_AGREE',
    ]);
    expect(findings[0]?.message).toContain(deployment.proxy.url);
    expect(findings[0]?.message).toContain(findings[0]?.url);
    expect(findings[0]?.message).toMatch(/signs with [0-9a-f]{8}, .* with [0-9a-f]{8}$/);
    expect(findings[0]?.message).not.toContain(otherSecret);
  });

  test('that accept each other’s secret agree while a secret is rotated', async () => {
    const both = (first: string, second: string) => ({
      env: { ...env, BETTER_AUTH_SECRET: '', BETTER_AUTH_SECRETS: `${first},${second}` },
      testDatabase,
    });
    const [old, recent] = ['1:a-secret-of-more-than-32-characters-0123', `2:${otherSecret}`];
    const before = await startDeployment(both(old, recent));
    const after = await startDeployment(both(recent, old));
    const failed = await reportOf(before, { compare: [after.proxy.url] });
    await before.stop();
    await after.stop();
    expect(failed.filter((each) => each.includes('SECRETS'))).toEqual([]);
  });

  test('of which only one accepts the other’s secret differ', async () => {
    const old = 'a-secret-of-more-than-32-characters-0123';
    const secrets = { BETTER_AUTH_SECRET: '', BETTER_AUTH_SECRETS: `2:${otherSecret},1:${old}` };
    const before = await startDeployment({
      env: { ...env, BETTER_AUTH_SECRET: old },
      testDatabase,
    });
    const after = await startDeployment({ env: { ...env, ...secrets }, testDatabase });
    const fromBefore = await reportOf(before, { compare: [after.proxy.url] });
    const fromAfter = await reportOf(after, { compare: [before.proxy.url] });
    await before.stop();
    await after.stop();
    expect(fromBefore).toContain('fail SECRETS_DIFFER');
    expect(fromAfter).toContain('fail SECRETS_DIFFER');
  });

  test('with different databases are reported', async () => {
    const elsewhere = await createTestDatabase();
    const findings = await compared({ testDatabase: elsewhere });
    await elsewhere.drop();
    expect(findings.map(({ finding }) => finding)).toEqual([
      'ok SECRETS_AGREE',
      'fail DATABASES_DIFFER',
    ]);
  });

  test('of which one cannot write its canary could not be compared', async () => {
    const elsewhere = await createTestDatabase();
    await elsewhere.query('drop table deployment_canary');
    const findings = await compared({ testDatabase: elsewhere });
    await elsewhere.drop();
    expect(findings[1]).toMatchObject({ finding: 'unknown DATABASES_NOT_COMPARED' });
    expect(findings[1]?.message).toContain(findings[1]?.url);
  });
});

describe('session checks since start', () => {
  const ask = (of: Deployment, cookie?: string) =>
    fetch(`${of.service.url}/session`, { headers: { ...(cookie !== undefined && { cookie }) } });

  async function after(times: number, cookie?: string) {
    const fresh = await startDeployment({ env, testDatabase });
    for (let time = 1; time <= times; time += 1) await ask(fresh, cookie);
    const findings = await fresh.diagnose({ diagnosticsToken });
    await fresh.stop();
    return findings.filter(({ code }) => code === 'VERDICTS');
  }

  test('from pages that never send a cookie are reported with credentials: include', async () => {
    const [finding] = await after(100);
    expect(finding?.status).toBe('warn');
    expect(finding?.fix).toContain("credentials: 'include'");
  });

  test('from a few runs of the doctor, and nothing else, yield no warning', async () => {
    const fresh = await startDeployment({ env, testDatabase });
    for (const time of ['first', 'second', 'third']) {
      const findings = await fresh.diagnose({ diagnosticsToken });
      const verdicts = findings.filter(({ code }) => code === 'VERDICTS');
      expect(verdicts, time).toMatchObject([{ status: 'ok' }]);
    }
    await fresh.stop();
  });

  test('from a caller that truncates the cookie are reported with their reason', async () => {
    const [finding] = await after(20, 'better-auth.session_token=cut-short');
    expect(finding?.status).toBe('warn');
    expect(finding?.message).toMatch(
      /^20 of \d+ session checks since .* ended with malformed_cookie$/,
    );
  });
});

describe('the address that the service sees:', () => {
  test('a trusted forged header is named without exhausting a rate limit', async () => {
    const believing = await startDeployment({
      testDatabase,
      env: { ...env, CLIENT_IP_HEADER: 'x-real-ip' },
    });
    const findings = await believing.diagnose({ diagnosticsToken });
    await believing.stop();
    const fault = findings.find(({ status }) => status === 'fail');
    expect(fault).toMatchObject({
      code: 'FORGED_ADDRESS_BELIEVED',
      message: 'the service trusts a forged x-real-ip header',
    });
  });

  test('a private address is that of a proxy, which all clients share', async () => {
    const behind = await startDeployment({ testDatabase, host: 'auth.example.com', env });
    const failed = await reportOf(behind);
    await behind.stop();
    expect(failed.filter((each) => each.startsWith('fail'))).toEqual(['fail SHARED_RATE_LIMIT']);
  });
});
