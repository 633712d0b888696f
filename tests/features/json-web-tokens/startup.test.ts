/** The startup report's finding about stored signing keys. */
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../support/test-database.js';
import { startTestService } from '../../support/test-service.js';

test.each([
  ['off', []],
  ['on', ['SIGNING_KEY_UNREADABLE']],
])(
  'JWT_TOKENS=%s: a signing key encrypted with another secret yields the findings %j',
  async (value, codes) => {
    const testDatabase = await createTestDatabase();
    await testDatabase.query(`insert into jwks (id, public_key, private_key, created_at)
    values ('left-over', '{}', '"of another secret"', now())`);
    const env = {
      BETTER_AUTH_URL: 'https://auth.example.com',
      BETTER_AUTH_TRUSTED_ORIGINS: 'https://www.example.com',
      JWT_TOKENS: value,
    };
    const service = await startTestService({ testDatabase, env });
    await service.logStartupReport();
    const line = await service.logLine(({ msg }) => msg === 'startup');
    expect(line.jwtTokens).toBe(value === 'on');
    expect((line.findings as { code: string }[]).map(({ code }) => code)).toEqual(codes);
    await service.stop();
    await testDatabase.drop();
  },
);
