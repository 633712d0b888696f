/** The same faults in processes of `npm start` on a real database: the `startup` line names each cause, and no other. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Environment } from '../../src/config/environment.js';
import type { Finding } from '../../src/config/finding.js';
import { freePort } from '../../src/dev/free-port.js';
import { startServer } from '../support/child-process.js';
import { findingsOf, validEnvironment } from '../support/configuration.js';
import { startupCauses } from '../support/startup-causes.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

/** Several faults that one start reports side by side. */
interface Start {
  readonly faults: readonly string[];
  readonly changes: Environment;
  readonly findings: readonly string[];
}

/** What an operator has to look at; `info` explains a choice. */
const shown = (findings: readonly Finding[]) =>
  findings
    .filter(({ level }) => level !== 'info')
    .map(({ level, code, variable }) => `${level} ${code} ${variable}`)
    .sort();

/** Combines faults of one level and of different variables into as few starts as report them all; a process is slow. */
function combine(starts: readonly Start[], next: Start): readonly Start[] {
  const levelOf = ({ findings }: Start) => findings[0]?.split(' ')[0];
  for (const start of starts) {
    if (levelOf(start) !== levelOf(next)) continue;
    if (Object.keys(next.changes).some((name) => name in start.changes)) continue;
    const changes = { ...start.changes, ...next.changes };
    const findings = [...start.findings, ...next.findings].sort();
    // One fault may hide another: tests/startup/startup-findings.test.ts tests each of them separately.
    if (shown(findingsOf(changes)).join() !== findings.join()) continue;
    const combined = { faults: [...start.faults, ...next.faults], changes, findings };
    return starts.map((one) => (one === start ? combined : one));
  }
  return [...starts, next];
}

// Those of DATABASE_URL name hosts that are not there: tests/startup/startup-findings.test.ts reads them from the configuration.
const causes = Object.entries(startupCauses).filter(([name]) => name !== 'the database');
const starts = causes
  .flatMap(([name, rows]) =>
    rows.map(([fault, changes, finding]) => ({
      faults: [`${name} ${fault}`],
      changes,
      findings: [finding],
    })),
  )
  .reduce<readonly Start[]>(combine, []);

test.each(starts.map((start) => [start.faults.join('; '), start] as const))(
  '%s',
  async (_, { changes, findings }) => {
    // Otherwise the canary of a start with another secret would cause SECRETS_DIFFER.
    await testDatabase.query('delete from deployment_canary');
    const server = startServer({
      ...(validEnvironment as Record<string, string>),
      DATABASE_URL: testDatabase.url,
      ...(changes as Record<string, string>),
      PORT: String(await freePort()),
    });
    const line = await server.logLine(({ msg }) => msg === 'startup');
    const refuses = findings.some((finding) => finding.startsWith('error'));
    const status = await (refuses ? server.exit : server.stop());
    expect(shown(line.findings as Finding[])).toEqual(findings);
    expect(status).toBe(refuses ? 1 : 0);
  },
);

test('every cause has a start', () => {
  const count = causes.flatMap(([, rows]) => rows).length;
  expect(starts.flatMap(({ faults }) => faults)).toHaveLength(count);
});
