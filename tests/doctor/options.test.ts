import { expect, test } from 'vitest';
import { readOptions, UsageError } from '../../src/doctor/options.js';

const needed = ['--auth-url', 'https://auth.example.com', '--origin', 'https://docs.example.com'];

test('the two URLs are enough, and nothing intrusive is done unasked', () => {
  expect(readOptions(needed)).toEqual({
    authUrl: 'https://auth.example.com',
    origins: ['https://docs.example.com'],
    apiUrl: undefined,
    probeUser: false,
    probeRateLimits: false,
    compare: [],
    localAddresses: [],
    json: false,
  });
});

test('a slash at the end, capitals and a default port are what browsers make of them', () => {
  const given = ['--auth-url', 'HTTPS://Auth.Example.com:443/', '--origin', 'http://LOCALHOST:80'];
  expect(readOptions(given)).toMatchObject({
    authUrl: 'https://auth.example.com',
    origins: ['http://localhost'],
  });
});

test('several origins, addresses and deployments are taken, each once', () => {
  const more = ['--origin', 'https://www.example.com', '--origin', 'https://docs.example.com/'];
  const others = ['--compare', 'https://a.example', '--compare', 'https://b.example'];
  const addresses = ['--local-address', '127.0.0.1', '--local-address', '::1'];
  expect(readOptions([...needed, ...more, ...others, ...addresses])).toMatchObject({
    origins: ['https://docs.example.com', 'https://www.example.com'],
    compare: ['https://a.example', 'https://b.example'],
    localAddresses: ['127.0.0.1', '::1'],
  });
});

test('a throw-away user is worth the rate limits too', () => {
  expect(readOptions([...needed, '--probe-user'])).toMatchObject({ probeRateLimits: true });
});

test.each([
  [[], '--auth-url is missing'],
  [needed.slice(0, 2), '--origin is missing: which site calls the service?'],
  [
    [...needed, '--auth-url', 'auth.example.com'],
    '--auth-url is not a URL like https://auth.example.com',
  ],
  [
    [...needed, '--auth-url', 'ftp://auth.example.com'],
    '--auth-url is not a URL like https://auth.example.com',
  ],
  [
    [...needed, '--origin', 'https://docs.example.com/guide'],
    '--origin is more than scheme, host and port: cut it after the host',
  ],
  [[...needed, '--compare', 'https://a:b@c.example'], '--compare holds a user or password'],
  [[...needed, '--local-address', 'eth0'], '--local-address is not an IP address'],
  [[...needed, '--api-url', '/me'], '--api-url is not a URL like https://auth.example.com'],
])('%j is refused: %s', (args, message) => {
  expect(() => readOptions(args)).toThrow(new UsageError(message));
});

test('an unknown option is refused by its name', () => {
  expect(() => readOptions([...needed, '--frobnicate'])).toThrow(/--frobnicate/);
});
