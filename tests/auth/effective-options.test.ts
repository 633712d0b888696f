import { betterAuth } from 'better-auth';
import { expect, test } from 'vitest';
import { optionsFor } from '../support/options-for.js';

test('options that requests cannot reveal yet have safe values', async () => {
  expect((await optionsFor()).options).toMatchObject({
    emailAndPassword: { resetPasswordTokenExpiresIn: 600 },
    user: { changeEmail: { enabled: false } },
    account: {
      accountLinking: { enabled: false },
      encryptOAuthTokens: true,
      storeStateStrategy: 'database',
      storeAccountCookie: false,
    },
    advanced: { trustedProxyHeaders: false },
    telemetry: { enabled: false, debug: false },
  });
});

test('with NODE_ENV=test, BetterAuth still checks origins and counts requests in the database', async () => {
  expect(process.env.NODE_ENV).toBe('test');
  const context = await betterAuth((await optionsFor()).options).$context;
  expect(context.skipOriginCheck).toBe(false);
  expect(context.skipCSRFCheck).toBe(false);
  expect(context.rateLimit).toMatchObject({ enabled: true, storage: 'database' });
});

test.each([
  ['http', 'better-auth.session_token', {}],
  [
    'https',
    '__Secure-better-auth.session_token',
    {
      BETTER_AUTH_URL: 'https://auth.example.com',
      BETTER_AUTH_TRUSTED_ORIGINS: 'https://example.com',
    },
  ],
])("over %s our cookie's name and attributes are BetterAuth's", async (_scheme, name, env) => {
  const { config, options } = await optionsFor(env);
  const { sessionToken, dontRememberToken } = (await betterAuth(options).$context).authCookies;
  expect(sessionToken.name).toBe(name);
  expect(config.cookies.dontRememberCookieName).toBe(dontRememberToken.name);
  expect(config.cookies.sessionCookieName).toBe(name);
  const { sameSite, secure, partitioned } = config.cookies;
  expect(sessionToken.attributes).toMatchObject({ sameSite, secure, partitioned, httpOnly: true });
});
