/** How the doctor presents a deployment's report, whatever it contains. */
import { describe, expect, test } from 'vitest';
import { checkDeploymentReport } from '../src/checks/deployment-report.js';
import { failedFindings, useDeployment, type Deployment } from './support/deployment.js';

const diagnosticsToken = 'a-diagnostics-token-of-more-than-32-characters';

let deployment: Deployment;
useDeployment((started) => (deployment = started));

/** Replaces the deployment's report. */
function reportWith({ findings = [], counts = {}, address = '203.0.113.7' }: Report) {
  deployment.proxy.faults = {
    respond(req, res) {
      if (req.url !== '/diagnostics') return false;
      const report = {
        startup: { secret: { fingerprint: '01234567' }, database: {}, findings },
        verdicts: { since: '2026-01-01T00:00:00.000Z', counts },
        client: { address },
      };
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(report));
      return true;
    },
  };
}

interface Report {
  readonly findings?: readonly object[];
  readonly counts?: Readonly<Record<string, number>>;
  readonly address?: string;
}

describe('the fix in a report', () => {
  async function fixFor(fix: string): Promise<string | undefined> {
    const about = { level: 'error', code: 'SCHEMA_INCOMPLETE', variable: 'DATABASE_URL' };
    reportWith({ findings: [{ ...about, message: 'leads to a database', fix }] });
    const findings = await deployment.check(checkDeploymentReport, { diagnosticsToken });
    return findings.find(({ code }) => code === 'SCHEMA_INCOMPLETE')?.fix;
  }

  test('is printed complete and unmasked: altered SQL must not be run', async () => {
    const columns = Array.from({ length: 40 }, (_, at) => `"column_${at}" text NOT NULL`);
    const insert = `INSERT INTO drizzle.r (hash) VALUES ('${'0123456789abcdef'.repeat(4)}')`;
    const fix = `CREATE TABLE "session" (${columns.join(', ')}); ${insert}`;
    expect(await fixFor(fix)).toBe(fix);
  });

  test('contains no control characters', async () => {
    expect(await fixFor('GRANT \u001b[31mSELECT\u009b0m\r\nON "user"')).toBe(
      'GRANT  [31mSELECT 0m ON "user"',
    );
  });

  test('is left to the log where it is too long', async () => {
    expect(await fixFor('x'.repeat(10_000))).toBe('x'.repeat(10_000));
    expect(await fixFor('x'.repeat(10_001))).toContain('too long to print');
  });
});

describe('session checks', () => {
  async function verdictsOf(counts: Record<string, number>) {
    reportWith({ counts });
    const findings = await deployment.check(checkDeploymentReport, { diagnosticsToken });
    return findings.filter(({ code }) => code === 'VERDICTS').map(({ status }) => status);
  }

  test.each([
    [10, 990, 'warn'],
    [10, 991, 'ok'],
    [9, 9, 'ok'],
  ])('of which %i are malformed and %i are valid: %s', async (malformed, valid, status) => {
    expect(await verdictsOf({ malformed_cookie: malformed, valid })).toEqual([status]);
  });
});

test.each([
  ['no address', '', 'unknown CLIENT_ADDRESS_NOT_CHECKED'],
  ['an invalid address', 'nonsense', 'unknown CLIENT_ADDRESS_NOT_CHECKED'],
  ['an address', '203.0.113.7', undefined],
])('a deployment that reports %s for this machine', async (_what, address, expected) => {
  reportWith({ address });
  const [failed] = failedFindings(
    await deployment.check(checkDeploymentReport, { diagnosticsToken }),
  );
  expect(failed).toBe(expected);
});
