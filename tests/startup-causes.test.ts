/** The same faults in a process of `npm start` on a real database: its `startup` line tells the cause, and no other. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../src/config/finding.js';
import { freePort } from '../src/dev/free-port.js';
import { startServer } from './support/child-process.js';
import { soundEnvironment } from './support/configuration.js';
import { startupCauses } from './support/startup-causes.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

// Those of DATABASE_URL name hosts that are not there: tests/startup-findings.test.ts reads them from the configuration.
const made = Object.entries(startupCauses).filter(([name]) => name !== 'the database');

describe.each(made)('%s', (_, rows) => {
  test.each(rows)('%s', async (_fault, changes, finding) => {
    // Else a start with another secret would be told as one too: its canary is here (SECRETS_DIFFER).
    await testDatabase.query('delete from deployment_canary');
    const server = startServer({
      ...(soundEnvironment as Record<string, string>),
      DATABASE_URL: testDatabase.url,
      ...(changes as Record<string, string>),
      PORT: String(await freePort()),
    });
    const line = await server.logLine(({ msg }) => msg === 'startup');
    const refuses = finding.startsWith('error');
    const status = await (refuses ? server.exit : server.stop());
    const findings = (line.findings as Finding[]).filter(({ level }) => level !== 'info');
    expect(findings.map(({ level, code, variable }) => `${level} ${code} ${variable}`)).toEqual([
      finding,
    ]);
    expect(status).toBe(refuses ? 1 : 0);
  });
});
