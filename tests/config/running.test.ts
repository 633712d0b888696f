/** HOST, DATABASE_POOL_SIZE and LOG_FORMAT: valid values, and a port that is reachable without the proxy. */
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { findingCodes, validEnvironment, testNow } from '../support/configuration.js';

const configOf = (changes: Record<string, string>) =>
  readConfig({ ...validEnvironment, ...changes }, testNow);

test('by default it listens on all addresses and opens up to ten connections', () => {
  expect(configOf({})).toMatchObject({ host: undefined, databasePoolSize: 10 });
});

test.each(['127.0.0.1', '::1', '0.0.0.0', '::', 'localhost', 'auth.internal', 'fe80::1%eth0'])(
  'HOST=%s is valid',
  (HOST) => {
    expect(configOf({ HOST }).host).toBe(HOST);
  },
);

test.each([
  'http://127.0.0.1',
  '127.0.0.1:3001',
  '[::1]',
  '127.0.0',
  '256.1.1.1',
  'a b',
  '*',
  '-a',
  'a..b',
])('HOST=%s is refused by name', (HOST) => {
  expect(findingCodes({ HOST })).toEqual(['error HOST_INVALID HOST']);
});

test.each(['1', '10', '100'])('DATABASE_POOL_SIZE=%s is valid', (DATABASE_POOL_SIZE) => {
  expect(configOf({ DATABASE_POOL_SIZE }).databasePoolSize).toBe(Number(DATABASE_POOL_SIZE));
});

test.each(['0', '101', '-1', '1.5', '1e2', 'ten', '0x10'])(
  'DATABASE_POOL_SIZE=%s is invalid, and the finding names the variable',
  (DATABASE_POOL_SIZE) => {
    expect(findingCodes({ DATABASE_POOL_SIZE })).toEqual([
      'error DATABASE_POOL_SIZE_INVALID DATABASE_POOL_SIZE',
    ]);
  },
);

test('LOG_FORMAT is json or pretty', () => {
  expect(findingCodes({ LOG_FORMAT: 'xml' })).toEqual(['error LOG_FORMAT_INVALID LOG_FORMAT']);
  expect(findingCodes({ LOG_FORMAT: 'pretty' })).toEqual([]);
});

describe('a port that is reachable without the proxy', () => {
  const finding = (level: string) => [`${level} PORT_REACHABLE_BESIDE_PROXY HOST`];
  const CLIENT_IP_HEADER = 'x-real-ip';

  test('is a warning if a header is trusted and HOST is not set', () => {
    expect(findingCodes({ CLIENT_IP_HEADER })).toEqual(finding('warn'));
  });

  test.each(['0.0.0.0', '::'])('has level info if HOST=%s is set explicitly', (HOST) => {
    expect(findingCodes({ CLIENT_IP_HEADER, HOST })).toEqual(finding('info'));
  });

  test.each([
    ['one address', { HOST: '127.0.0.1' }],
    ['Vercel', { VERCEL: '1', VERCEL_ENV: 'production' }],
    ['Fly', { FLY_APP_NAME: 'auth' }],
    ['Heroku', { DYNO: 'web.1' }],
    ['development', { NODE_ENV: 'development' }],
  ])('is none with %s', (_name, env) => {
    expect(findingCodes({ CLIENT_IP_HEADER, ...env })).not.toContain(finding('warn')[0]);
  });

  test('is not reported if no header is trusted', () => {
    expect(findingCodes({})).toEqual([]);
  });
});
