/** `DATABASE_REPLICA_URL` and `REPLICA_MAX_LAG_MS`: only together, and within what can be kept. */
import { expect, test } from 'vitest';
import { findingCodes, findingsOf } from '../../support/configuration.js';

const url = 'postgresql://auth:word@replica.internal/auth';

test('a replica without a bound of its lag is refused', () => {
  expect(findingsOf({ DATABASE_REPLICA_URL: url })).toMatchObject([
    { level: 'error', code: 'REPLICA_LAG_UNBOUNDED', variable: 'REPLICA_MAX_LAG_MS' },
  ]);
});

test('a bound without a replica has no effect, with a warning', () => {
  expect(findingsOf({ REPLICA_MAX_LAG_MS: '1000' })).toMatchObject([
    { level: 'warn', code: 'REPLICA_LAG_UNUSED', variable: 'REPLICA_MAX_LAG_MS' },
  ]);
});

test.each(['0', '99', '60001', '1s', '-1', '1e3', '1.5'])('a bound of %s is refused', (bound) => {
  const env = { DATABASE_REPLICA_URL: url, REPLICA_MAX_LAG_MS: bound };
  expect(findingCodes(env)).toEqual(['error REPLICA_MAX_LAG_MS_INVALID REPLICA_MAX_LAG_MS']);
});

test.each(['100', '1000', '60000'])('a bound of %s is taken', (bound) => {
  expect(findingCodes({ DATABASE_REPLICA_URL: url, REPLICA_MAX_LAG_MS: bound })).toEqual([]);
});

test('a URL that is none is refused by name, without its text', () => {
  const findings = findingsOf({
    DATABASE_REPLICA_URL: 'mysql://auth:hunter2@replica.internal/auth',
    REPLICA_MAX_LAG_MS: '1000',
  });
  expect(findings).toMatchObject([{ level: 'error', code: 'DATABASE_REPLICA_URL_INVALID' }]);
  expect(JSON.stringify(findings)).not.toContain('hunter2');
});

test('a connection over the internet without TLS is warned of, as for the database', () => {
  const findings = findingsOf({
    DATABASE_REPLICA_URL: 'postgresql://auth:word@replica.example.com/auth',
    REPLICA_MAX_LAG_MS: '1000',
  });
  expect(findings).toMatchObject([{ code: 'DATABASE_TLS_OFF', variable: 'DATABASE_REPLICA_URL' }]);
});
