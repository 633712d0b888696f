import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readOptions, usage, UsageError } from '../src/options.js';

const required = ['--auth-url', 'https://auth.example.com', '--origin', 'https://docs.example.com'];

test('only the two URLs are required, and intrusive checks are off by default', () => {
  expect(readOptions(required)).toEqual({
    authUrl: 'https://auth.example.com',
    origins: ['https://docs.example.com'],
    sitePages: [],
    apiUrl: undefined,
    probeUser: false,
    probeRateLimits: false,
    probeMail: undefined,
    mailFrom: undefined,
    dkimSelectors: [],
    compare: [],
    localAddresses: [],
    json: false,
  });
});

test('origins are normalized as browsers do', () => {
  const given = ['--auth-url', 'HTTPS://Auth.Example.com:443/', '--origin', 'http://LOCALHOST:80'];
  expect(readOptions(given)).toMatchObject({
    authUrl: 'https://auth.example.com',
    origins: ['http://localhost'],
  });
});

test('origins, addresses and deployments are repeatable', () => {
  const more = ['--origin', 'https://www.example.com', '--origin', 'https://docs.example.com/'];
  const others = ['--compare', 'https://a.example', '--compare', 'https://b.example'];
  const addresses = ['--local-address', '127.0.0.1', '--local-address', '::1'];
  expect(readOptions([...required, ...more, ...others, ...addresses])).toMatchObject({
    origins: ['https://docs.example.com', 'https://www.example.com'],
    compare: ['https://a.example', 'https://b.example'],
    localAddresses: ['127.0.0.1', '::1'],
  });
});

test('the sender of mails is a domain or an address, and DKIM selectors are repeatable', () => {
  const mail = ['--probe-mail', 'me@example.com', '--mail-from', 'Auth@Example.com'];
  const selectors = ['--dkim-selector', 's1', '--dkim-selector', '20260131.pm'];
  expect(readOptions([...required, ...mail, ...selectors])).toMatchObject({
    probeMail: 'me@example.com',
    mailFrom: 'example.com',
    dkimSelectors: ['s1', '20260131.pm'],
  });
});

test('pages of sites are URLs with a path, and repeatable', () => {
  const pages = ['https://docs.example.com/auth/', 'https://www.example.com/auth'];
  const given = pages.flatMap((page) => ['--site-page', page]);
  expect(readOptions([...required, ...given])).toMatchObject({ sitePages: pages });
});

test('--probe-user includes the rate limits', () => {
  expect(readOptions([...required, '--probe-user'])).toMatchObject({ probeRateLimits: true });
});

test.each([
  [[], '--auth-url is missing'],
  [required.slice(0, 2), '--origin is missing: which site calls the service?'],
  [
    [...required, '--auth-url', 'auth.example.com'],
    '--auth-url is not a URL like https://auth.example.com',
  ],
  [
    [...required, '--auth-url', 'ftp://auth.example.com'],
    '--auth-url is not a URL like https://auth.example.com',
  ],
  [
    [...required, '--origin', 'https://docs.example.com/guide'],
    '--origin must be an origin: remove everything after the host and port',
  ],
  [
    [...required, '--compare', 'https://a:b@c.example'],
    '--compare must not contain a user name or password',
  ],
  [
    [...required, '--site-page', 'https://docs.example.com/auth#x'],
    '--site-page must not have a fragment',
  ],
  [[...required, '--local-address', 'eth0'], '--local-address is not an IP address'],
  [[...required, '--probe-mail', 'me'], '--probe-mail is not an address like you@example.com'],
  [[...required, '--mail-from', 'example'], '--mail-from is not a domain like example.com'],
  [[...required, '--dkim-selector', 'a b'], '--dkim-selector is not a name like selector1'],
  [[...required, '--api-url', '/me'], '--api-url is not a URL like https://auth.example.com'],
])('%j is refused: %s', (args, message) => {
  expect(() => readOptions(args)).toThrow(new UsageError(message));
});

test('an unknown option is refused by its name', () => {
  expect(() => readOptions([...required, '--frobnicate'])).toThrow(/--frobnicate/);
});

test('the README contains the usage', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`\`\`\`\n${usage}\`\`\`\n`);
});
