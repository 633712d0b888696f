/** `REDIS_URL`: what it may be, and that its faults are named without its text. */
import { expect, test } from 'vitest';
import { parseRedisUrl } from '../../../src/features/redis-limits/redis-url.js';
import { findingCodes, findingsOf } from '../../support/configuration.js';

test.each([
  ['redis://cache', { host: 'cache', port: 6379, database: 0, isEncrypted: false }],
  ['redis://10.0.0.5:6380/3', { host: '10.0.0.5', port: 6380, database: 3 }],
  ['rediss://:p%40ss%2Fw@cache.example.com/', { password: 'p@ss/w', isEncrypted: true }],
  ['rediss://auth:word@cache.example.com:6390', { username: 'auth', password: 'word' }],
  ['redis://[::1]:6379', { host: '::1' }],
])('%s', (url, expected) => {
  expect(parseRedisUrl(url)).toMatchObject(expected);
});

test.each([
  ['http://cache', 'is not a redis:// or rediss:// URL'],
  ['cache:6379', 'is not a redis:// or rediss:// URL'],
  ['redis://', 'names no host'],
  ['redis://:hunter2/canary@cache', 'write /, ?, # and @ of a password'],
  ['redis://:hunter2canary%@cache', 'is not percent-encoded'],
  ['redis://hunter2canary@cache', 'a name and no password'],
  ['redis://cache/limits', 'not the number of a database'],
  ['redis://cache/0?tls=hunter2canary', 'options after the path'],
])('%s is refused by name, and its text is in no finding', (url, message) => {
  const findings = findingsOf({ REDIS_URL: url });
  expect(findings).toMatchObject([{ level: 'error', code: 'REDIS_URL_INVALID' }]);
  expect(findings[0]?.message).toContain(message);
  expect(JSON.stringify(findings)).not.toContain('hunter2');
});

test('without TLS on a public network a warning says what can be read', () => {
  expect(findingCodes({ REDIS_URL: 'redis://:word@cache.example.com' })).toEqual([
    'warn REDIS_NOT_ENCRYPTED REDIS_URL',
  ]);
  for (const url of ['rediss://:word@cache.example.com', 'redis://:word@10.1.2.3']) {
    expect(findingCodes({ REDIS_URL: url })).toEqual([]);
  }
});
