/** While the database is away, a warning a minute says that events wait, and how many such lines were left out. */
import { expect, test, vi } from 'vitest';
import { readConfig } from '../../../src/config/config.js';
import { createCounters } from '../../../src/counters.js';
import { createDatabase } from '../../../src/db/client.js';
import { freePort } from '../../../src/dev/free-port.js';
import { auditCounters } from '../../../src/features/audit/counters.js';
import { createAuditTrail } from '../../../src/features/audit/trail.js';
import { createRequestScopes } from '../../../src/request-scope.js';
import { testEnvironment } from '../../support/test-service.js';

test('the warning has the number of those before it', async () => {
  const now = new Date();
  const url = `postgresql://nobody@127.0.0.1:${await freePort()}/none`;
  const config = readConfig({ ...testEnvironment, DATABASE_URL: url }, now);
  const settings = config.features.audit;
  if (settings === undefined) throw new Error('the audit trail is off');
  const lines: unknown[][] = [];
  const database = createDatabase({ url, onIdleError: () => undefined });
  const trail = createAuditTrail(settings, {
    config,
    database,
    now: () => now,
    logger: { warn: (...line: unknown[]) => void lines.push(line) } as never,
    count: createCounters(auditCounters).count,
    scopes: createRequestScopes(),
    sender: undefined,
  });
  trail.note({ kind: 'sign_in', outcome: 'refused', reason: 'wrong_password' });
  let laterMs = 0;
  const clock = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => clock() + laterMs);
  for (let flush = 0; flush < 4; flush += 1) await trail.flush();
  laterMs = 61_000;
  await trail.flush();
  vi.restoreAllMocks();
  await database.close();
  const message = 'the audit trail cannot be written';
  expect(lines).toMatchObject([
    [{ queued: 1 }, message],
    [{ queued: 1, omittedLines: 3 }, message],
  ]);
  expect(lines[0]?.[0]).not.toHaveProperty('omittedLines');
});
