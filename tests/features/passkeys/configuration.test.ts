/** Which relying party ID is used, what the startup report says of it, and the list of related origins. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/config/environment.js';
import { readConfig } from '../../../src/config/config.js';
import { findingsOf, testNow, validEnvironment } from '../../support/configuration.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';
import { paths } from './ceremony.js';

const topologies = {
  'three domains': {
    BETTER_AUTH_URL: 'https://auth.example.net',
    BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.org',
  },
  'three hosts': {
    BETTER_AUTH_URL: 'https://auth.example.com',
    BETTER_AUTH_TRUSTED_ORIGINS: 'https://www.example.com',
  },
  'one host': { BETTER_AUTH_URL: 'https://example.com', BETTER_AUTH_TRUSTED_ORIGINS: '' },
} as const;

function settingsOf(env: Environment) {
  return readConfig({ ...validEnvironment, PASSKEYS: 'on', ...env }, testNow).features.passkeys;
}

const findings = (env: Environment) =>
  findingsOf({ PASSKEYS: 'on', ...env }).filter(({ code }) => /^(?:RP_ID|PASSKEY)/.test(code));
const codes = (env: Environment) => findings(env).map(({ level, code }) => `${level} ${code}`);

describe('by default', () => {
  test.each([
    ['three domains', 'example.org'],
    ['three hosts', 'example.com'],
    ['one host', 'example.com'],
  ] as const)('%s: passkeys belong to %s, and nothing is reported', (topology, rpId) => {
    expect(settingsOf(topologies[topology])).toEqual({ rpId, rpName: rpId, relatedOrigins: [] });
    expect(codes(topologies[topology])).toEqual([]);
  });

  test('a host below a shared domain is a domain of its own', () => {
    const env = {
      BETTER_AUTH_URL: 'https://auth.example.com',
      BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.pages.dev',
    };
    expect(settingsOf(env)?.rpId).toBe('docs.pages.dev');
  });

  test('pages on several sites need a choice: the start is refused', () => {
    const env = {
      BETTER_AUTH_URL: 'https://auth.example.com',
      BETTER_AUTH_TRUSTED_ORIGINS: 'https://www.example.com,https://www.example.org',
    };
    expect(codes(env)).toEqual(['error RP_ID_MISSING']);
  });

  test('an IP address has no domain', () => {
    const env = {
      NODE_ENV: 'development',
      BETTER_AUTH_URL: 'http://127.0.0.1:3001',
      BETTER_AUTH_TRUSTED_ORIGINS: 'http://127.0.0.1:3000',
    };
    expect(codes(env)).toEqual(['error RP_ID_MISSING']);
  });
});

test.each([
  'https://example.com',
  'example.com:443',
  'example.com/',
  'Example.com',
  '.example.com',
  'example..com',
  'com',
  'co.uk',
  'pages.dev',
  '127.0.0.1',
  '[::1]',
  '-a.example.com',
])('RP_ID %s is refused by name', (RP_ID) => {
  expect(codes({ ...topologies['three hosts'], RP_ID })).toEqual(['error RP_ID_INVALID']);
});

describe('findings', () => {
  const related = (origins: string, RP_ID = 'auth.example.net') => ({
    BETTER_AUTH_URL: 'https://auth.example.net',
    BETTER_AUTH_TRUSTED_ORIGINS: origins,
    RP_ID,
  });

  test('the list of related origins is served here', () => {
    const env = related('https://docs.example.org,https://www.example.com');
    expect(codes(env)).toEqual(['info PASSKEY_RELATED_ORIGINS']);
    expect(settingsOf(env)?.relatedOrigins).toEqual([
      'https://docs.example.org',
      'https://www.example.com',
    ]);
  });

  test('the list must be served elsewhere', () => {
    const env = related('https://docs.example.org,https://www.example.com', 'example.org');
    const [finding, ...more] = findings(env);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ level: 'warn', code: 'PASSKEY_RELATED_ORIGINS_ELSEWHERE' });
    expect(finding?.fix).toContain('https://example.org/.well-known/webauthn');
    expect(settingsOf(env)?.relatedOrigins).toEqual(['https://www.example.com']);
  });

  test('browsers read five registrable domain labels', () => {
    const origins = ['one', 'two', 'three', 'four', 'five'].map((name) => `https://${name}.org`);
    const same = 'https://www.one.co.uk';
    expect(codes(related([...origins, same].join(',')))).toEqual(['info PASSKEY_RELATED_ORIGINS']);
    const [, limit] = findings(related([...origins, same, 'https://www.six.com'].join(',')));
    expect(limit).toMatchObject({ level: 'warn', code: 'PASSKEY_RELATED_ORIGINS_LIMIT' });
    expect(limit?.message).toContain('https://www.six.com');
    expect(limit?.message).not.toContain('https://five.org');
  });

  test('a page over http', () => {
    const env = {
      NODE_ENV: 'development',
      BETTER_AUTH_URL: 'http://auth.example.com',
      BETTER_AUTH_TRUSTED_ORIGINS: 'http://www.example.com',
    };
    expect(codes(env)).toEqual(['warn PASSKEY_ORIGIN_INSECURE', 'warn PASSKEYS_UNUSABLE']);
  });

  test('a local page with a domain that is not local', () => {
    const env = {
      NODE_ENV: 'development',
      BETTER_AUTH_URL: 'http://localhost:3001',
      BETTER_AUTH_TRUSTED_ORIGINS: 'http://localhost:3000',
      RP_ID: 'example.com',
    };
    expect(codes(env)).toEqual(['warn PASSKEY_ORIGIN_UNUSABLE', 'warn PASSKEYS_UNUSABLE']);
  });
});

describe('GET /.well-known/webauthn', () => {
  let service: TestService | undefined;
  afterEach(async () => service?.stop());

  test('lists the origins for browsers where sites differ', async () => {
    service = await startTestService({
      env: {
        PASSKEYS: 'on',
        BETTER_AUTH_URL: 'https://auth.example.net',
        BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.org,https://www.example.com',
        RP_ID: 'auth.example.net',
      },
    });
    const answer = await new Visitor(service).ask('/.well-known/webauthn', { origin: null });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.json).toEqual({
      origins: ['https://docs.example.org', 'https://www.example.com'],
    });
  });

  test('is absent where every page is below the domain, and so is everything while it is off', async () => {
    service = await startTestService({ env: { PASSKEYS: 'on' } });
    expect((await new Visitor(service).ask('/.well-known/webauthn')).status).toBe(404);
    await service.stop();
    service = await startTestService();
    const visitor = new Visitor(service);
    expect((await visitor.ask(paths.signInOptions)).status).toBe(404);
    expect((await visitor.ask(paths.signIn, { body: { response: {} } })).status).toBe(404);
  });
});
