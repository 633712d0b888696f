/** What the start says of providers, before a visitor meets them. */
import { afterEach, expect, test } from 'vitest';
import { startRedirectService, type RedirectService } from '../../support/redirect-visitor.js';

let service: RedirectService | undefined;
afterEach(() => service?.stop());

test('the startup line lists each provider with the URL to register, and no secret', async () => {
  service = await startRedirectService({
    GITHUB_CLIENT_ID: 'an-id',
    GITHUB_CLIENT_SECRET: 'a-secret-of-github',
  });
  await service.logStartupReport();
  const line = await service.logLine(({ msg }) => msg === 'startup');
  expect(line.socialProviders).toEqual({
    github: 'http://localhost:3001/api/auth/callback/github',
    test: 'http://localhost:3001/api/auth/callback/test',
  });
  expect(service.logText()).not.toContain('a-secret-of-github');
  expect(service.logText()).not.toContain('a-client-secret-for-tests');
  expect(service.logLines().filter(({ code }) => String(code).startsWith('PROVIDER'))).toEqual([]);
});

test('metadata that cannot be read is a finding by the name of the variable', async () => {
  service = await startRedirectService();
  service.provider.bends = { answer: { step: 'discovery', status: 404, body: '{}' } };
  await service.logStartupReport();
  expect(await service.logLine(({ code }) => code === 'PROVIDER_METADATA_INVALID')).toMatchObject({
    level: 'warn',
    variable: 'OIDC_TEST_ISSUER',
  });
});

test('a provider that does not respond, no page and no mail are findings', async () => {
  service = await startRedirectService({ SITE_PAGES: '', SMTP_URL: '', MAIL_FROM: '' });
  service.provider.bends = { drop: 'discovery' };
  await service.logStartupReport();
  for (const code of ['PROVIDER_UNREACHABLE', 'PROVIDERS_WITHOUT_PAGE', 'PROVIDERS_WITHOUT_MAIL']) {
    expect(await service.logLine((line) => line.code === code)).toMatchObject({ code });
  }
});
