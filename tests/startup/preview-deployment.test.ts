import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const branchUrl = 'https://auth-git-new-login-myteam.vercel.app';
const deploymentUrl = 'https://auth-4f3k2j1h0-myteam.vercel.app';
const page = 'https://docs-git-new-login-myteam.vercel.app';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    env: {
      VERCEL_ENV: 'preview',
      VERCEL_URL: deploymentUrl.slice('https://'.length),
      VERCEL_BRANCH_URL: branchUrl.slice('https://'.length),
      BETTER_AUTH_URL: undefined,
      BETTER_AUTH_TRUSTED_ORIGINS: undefined,
      PREVIEW_ORIGINS: 'https://docs-*-myteam.vercel.app',
    },
  });
});
afterAll(() => service.stop());

test.each([
  ['a site’s preview that fits the pattern', page],
  ['another one', 'https://docs-9z8y7x6w5-myteam.vercel.app'],
  ['the preview itself', branchUrl],
  ['the preview by its other URL', deploymentUrl],
])('%s signs a user up, in and out with credentials', async (_what, origin) => {
  const visitor = new Visitor(service, origin);
  const signedUp = await visitor.signUp();
  expect(signedUp.status).toBe(200);
  expect(signedUp.headers.get('access-control-allow-origin')).toBe(origin);
  expect(signedUp.headers.get('access-control-allow-credentials')).toBe('true');
  expect(signedUp.headers.get('vary')).toContain('Origin');
  expect(signedUp.setCookies[0]).toMatch(
    /^__Secure-better-auth\.session_token=.+; Path=\/; HttpOnly; Secure; SameSite=None; Partitioned$/,
  );
  // With a cookie BetterAuth also checks the origin.
  expect((await visitor.signOut()).status).toBe(200);
  expect((await visitor.signIn()).status).toBe(200);
  const callback = await visitor.ask('/api/auth/sign-in/email', {
    body: { email: visitor.email, password: visitor.password, callbackURL: `${origin}/welcome` },
  });
  expect(callback.status).toBe(200);
  expect((await visitor.ask('/session')).status).toBe(200);
  expect((await visitor.ask('/session')).headers.get('access-control-allow-origin')).toBe(origin);
});

describe.each([
  ['another team’s project', 'https://docs-x-otherteam.vercel.app'],
  ['a dot in place of the star', 'https://docs-x.evil-myteam.vercel.app'],
  ['a suffix', 'https://docs-x-myteam.vercel.app.evil.example'],
  ['a prefix', 'https://evil-docs-x-myteam.vercel.app'],
  ['a port', 'https://docs-x-myteam.vercel.app:8443'],
  ['http', 'http://docs-x-myteam.vercel.app'],
  ['capitals', 'https://DOCS-x-myteam.vercel.app'],
  ['the pattern itself', 'https://docs-*-myteam.vercel.app'],
  ['a slash', 'https://docs-x-myteam.vercel.app/'],
])('an Origin with %s', (_what, origin) => {
  test('reads nothing, and no preflight of it is allowed', async () => {
    const headers = { 'access-control-request-method': 'POST' };
    const visitor = new Visitor(service, origin);
    const preflight = await visitor.ask('/session', { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    for (const answer of [preflight, await visitor.ask('/session')]) {
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    const lines = service.logLines().filter((line) => 'originHint' in line);
    expect(lines.length).toBeGreaterThan(0);
  });

  test('responds 403 to sign-in and sign-out', async () => {
    const signedIn = new Visitor(service, page);
    await signedIn.signUp();
    const { email, password } = signedIn;
    const attempt = await new Visitor(service, origin).ask('/api/auth/sign-in/email', {
      body: { email, password },
    });
    expect(attempt.status).toBe(403);
    expect(attempt.setCookies).toEqual([]);
    const signOut = await signedIn.ask('/api/auth/sign-out', { body: {}, origin });
    expect(signOut.status).toBe(403);
    expect((await signedIn.ask('/session')).status).toBe(200);
  });

  test('is rejected in a callbackURL', async () => {
    const visitor = new Visitor(service, page);
    await visitor.signUp();
    const { email, password } = visitor;
    const answer = await visitor.ask('/api/auth/sign-in/email', {
      body: { email, password, callbackURL: `${origin}#there` },
    });
    expect(answer.status).toBe(403);
    expect(answer.json).toMatchObject({ code: 'INVALID_CALLBACK_URL' });
  });
});

test('of two concurrent pages each is trusted only for its own origin', async () => {
  const untrustedOrigin = 'https://docs-x-otherteam.vercel.app';
  const visitors = Array.from({ length: 20 }, (_, at) => {
    const origin = at % 2 === 0 ? `https://docs-${at}-myteam.vercel.app` : untrustedOrigin;
    return { origin, visitor: new Visitor(service, origin) };
  });
  const answers = await Promise.all(
    visitors.map(async ({ origin, visitor }) => ({ origin, ...(await visitor.signUp()) })),
  );
  for (const { origin, status } of answers)
    expect(status).toBe(origin === untrustedOrigin ? 403 : 200);
});

test('the startup line has the origins and the patterns', async () => {
  await service.logStartupReport();
  const line = await service.logLine(({ msg }) => msg === 'startup');
  expect(line).toMatchObject({
    environment: 'preview',
    baseUrl: branchUrl,
    trustedOrigins: [branchUrl, deploymentUrl],
    originPatterns: ['https://docs-*-myteam.vercel.app'],
  });
});
