/** What the doctor makes of a report that a deployment might tell of itself. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { complaints, startDeployment, type Deployment } from '../support/doctor.js';

const diagnosticsToken = 'a-diagnostics-token-of-more-than-32-characters';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment.stop());
afterEach(() => {
  deployment.proxy.faults = {};
});

/** Lets the deployment tell this of itself, instead of what is. */
function telling({ findings = [], counts = {}, address = '203.0.113.7' }: Told) {
  deployment.proxy.faults = {
    answer(req, res) {
      if (req.url !== '/diagnostics') return false;
      const told = {
        startup: { secret: { fingerprint: '01234567' }, database: {}, findings },
        verdicts: { since: '2026-01-01T00:00:00.000Z', counts },
        client: { address },
      };
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told));
      return true;
    },
  };
}

interface Told {
  readonly findings?: readonly object[];
  readonly counts?: Readonly<Record<string, number>>;
  readonly address?: string;
}

describe('the fix that a deployment tells', () => {
  async function fixFor(fix: string): Promise<string | undefined> {
    const about = { level: 'error', code: 'SCHEMA_INCOMPLETE', variable: 'DATABASE_URL' };
    telling({ findings: [{ ...about, message: 'leads to a database', fix }] });
    const findings = await deployment.diagnose({ diagnosticsToken });
    return findings.find(({ code }) => code === 'SCHEMA_INCOMPLETE')?.fix;
  }

  test('is told whole and to the letter: SQL that is cut or masked must not be run', async () => {
    const columns = Array.from({ length: 40 }, (_, at) => `"column_${at}" text NOT NULL`);
    const insert = `INSERT INTO drizzle.r (hash) VALUES ('${'0123456789abcdef'.repeat(4)}')`;
    const fix = `CREATE TABLE "session" (${columns.join(', ')}); ${insert}`;
    expect(await fixFor(fix)).toBe(fix);
  });

  test('steers no terminal', async () => {
    expect(await fixFor('GRANT \u001b[31mSELECT\u009b0m\r\nON "user"')).toBe(
      'GRANT  [31mSELECT 0m ON "user"',
    );
  });

  test('is left to the log where it has no end', async () => {
    expect(await fixFor('x'.repeat(10_000))).toBe('x'.repeat(10_000));
    expect(await fixFor('x'.repeat(10_001))).toContain('too long to be shown');
  });
});

describe('verdicts', () => {
  async function verdictsOf(counts: Record<string, number>) {
    telling({ counts });
    const findings = await deployment.diagnose({ diagnosticsToken });
    return findings.filter(({ code }) => code === 'VERDICTS').map(({ status }) => status);
  }

  test.each([
    [10, 990, 'warn'],
    [10, 991, 'ok'],
    [9, 9, 'ok'],
  ])('of which %i are odd and %i are not: %s', async (odd, valid, status) => {
    expect(await verdictsOf({ malformed_cookie: odd, valid })).toEqual([status]);
  });
});

test.each([
  ['no address', '', 'unknown CLIENT_ADDRESS_NOT_EXAMINED'],
  ['a word', 'nonsense', 'unknown CLIENT_ADDRESS_NOT_EXAMINED'],
  ['an address', '203.0.113.7', undefined],
])(
  'a deployment that takes this machine for %s believes no forged one',
  async (_what, address, expected) => {
    telling({ address });
    const [told] = complaints(await deployment.diagnose({ diagnosticsToken }));
    expect(told).toBe(expected);
  },
);
