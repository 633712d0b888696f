/**
 * A cookie set during a top-level navigation (an OAuth callback, an e-mailed link) is stored in another partition than
 * the one that a cross-site page reads. The callback of a provider returns to the page without a session instead.
 */
import { betterAuth } from 'better-auth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyFeatureOn, everyFeatureWithoutRedis } from '../support/every-feature.js';
import { optionsFor } from '../support/options-for.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ env: everyFeatureWithoutRedis });
});
afterAll(() => service.stop());

test('none of BetterAuth’s redirect flows is configured: no provider, no mail, no such plugin', async () => {
  const { options, parts } = await optionsFor(everyFeatureOn);
  expect(options).not.toHaveProperty('socialProviders');
  expect(options).not.toHaveProperty('emailVerification');
  expect(options.emailAndPassword).not.toHaveProperty('sendResetPassword');
  expect(options.user.deleteUser).not.toHaveProperty('sendDeleteAccountVerification');
  expect(parts.flatMap(({ endpoints = [] }) => endpoints)).toEqual([]);
});

test('no response to a navigation sets a cookie, with any token and return URL', async () => {
  const { options: all, parts } = await optionsFor(everyFeatureOn);
  const opened = parts.flatMap(({ endpoints: patterns = [] }) => patterns);
  const { api } = betterAuth(all);
  const endpoints = Object.values(
    api as Record<string, { path?: string; options?: { method?: unknown } }>,
  );
  const paths = endpoints
    .filter(({ options }) => [options?.method].flat().includes('GET'))
    .flatMap(({ path }) => (path === undefined ? [] : [path]));
  expect(paths).toContain('/verify-email');
  expect(paths).toContain('/callback/:id');
  const query = '?token=x&code=x&state=x&callbackURL=http%3A%2F%2Flocalhost%3A3000%2F';
  for (const path of paths) {
    const navigation = {
      headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site' },
    };
    const asked = `/api/auth${path.replace(/:\w+/g, 'github')}${query}`;
    const answer = await new Visitor(service).ask(asked, { ...navigation, origin: null });
    expect(answer.setCookies, asked).toEqual([]);
    // The service's own callback (features/redirect-sign-in), which refuses an unknown state.
    const expected = path === '/callback/:id' ? 400 : 404;
    if (path.includes(':') && !opened.includes(path)) expect(answer.status, asked).toBe(expected);
  }
});

test('every successful sign-up and sign-in creates a session, without prior verification', async () => {
  expect((await optionsFor(everyFeatureOn)).options.emailAndPassword).toMatchObject({
    requireEmailVerification: false,
    autoSignIn: true,
  });
  const visitor = new Visitor(service);
  for (const answer of [await visitor.signUp(), await visitor.signIn()]) {
    expect(answer.status).toBe(200);
    const created = answer.setCookies.filter((cookie) => cookie.includes('session_token='));
    expect(created).toHaveLength(1);
  }
});
