/** BetterAuth's stock client, where the site shares the service's site: the flow ends on the service's host. */
import { createAuthClient } from 'better-auth/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  RedirectVisitor,
  startRedirectService,
  type RedirectService,
} from '../../support/redirect-visitor.js';

const site = 'http://localhost:3000';
let service: RedirectService;
beforeAll(async () => {
  service = await startRedirectService();
});
afterAll(() => service.stop());

const newVisitor = () => new RedirectVisitor(service);

async function start(visitor: RedirectVisitor, fields: object = {}): Promise<string> {
  const answer = await visitor.ask('/api/auth/sign-in/social', {
    body: { provider: 'test', callbackURL: '/account', errorCallbackURL: '/sorry', ...fields },
  });
  expect(answer.status).toBe(200);
  return String(answer.json?.url);
}

/** Follows the redirects of the service. @returns where they end */
async function comeBack(visitor: RedirectVisitor, url: string, person = {}): Promise<string> {
  let at = service.provider.walk(url, { email: visitor.email, ...person }).href;
  while (at.startsWith(service.config.baseUrl)) {
    const { headers } = await visitor.visit(at);
    at = headers.get('location') ?? '';
  }
  return at;
}

describe('signIn.social', () => {
  test('ends signed in on callbackURL of the page’s origin', async () => {
    const visitor = newVisitor();
    const url = await start(visitor);
    expect(await comeBack(visitor, url)).toBe(`${site}/account`);
    expect((await visitor.ask('/session')).json).toMatchObject({ user: { email: visitor.email } });
  });

  test('a new user ends on newUserCallbackURL', async () => {
    const visitor = newVisitor();
    const url = await start(visitor, { newUserCallbackURL: `${site}/welcome` });
    expect(await comeBack(visitor, url)).toBe(`${site}/welcome`);
  });

  test('the stock client sends what is understood here', async () => {
    const sent: unknown[] = [];
    const visitor = newVisitor();
    const client = createAuthClient({
      baseURL: service.url,
      fetchOptions: {
        customFetchImpl: async (input, init) => {
          const body: unknown = JSON.parse(init?.body as string);
          sent.push(body);
          const answer = await visitor.ask(new URL(input).pathname, { body });
          return new Response(answer.text, {
            status: answer.status,
            headers: { 'content-type': 'application/json' },
          });
        },
      },
    });
    const { data, error } = await client.signIn.social({
      provider: 'test',
      callbackURL: '/account',
      disableRedirect: true,
    });
    expect(error).toBeNull();
    expect(data).toMatchObject({ redirect: false, url: expect.any(String) as string });
    expect(await comeBack(visitor, data?.url ?? '')).toBe(`${site}/account`);
  });

  test('a failure ends on errorCallbackURL with the reason', async () => {
    const visitor = newVisitor();
    const url = await start(visitor);
    const denied = new URL(service.provider.walk(url, {}));
    denied.searchParams.delete('code');
    denied.searchParams.set('error', 'access_denied');
    const { headers } = await visitor.visit(denied);
    expect(headers.get('location')).toBe(`${site}/sorry?error=access_denied`);
  });

  test('an address that must be proven first is a reason there too', async () => {
    const visitor = newVisitor();
    const url = await start(visitor);
    expect(await comeBack(visitor, url, { email_verified: false })).toBe(
      `${site}/sorry?error=email_unverified`,
    );
  });

  test('without the cookie of the flow its code is of no use', async () => {
    const visitor = newVisitor();
    const url = await start(visitor);
    const callback = service.provider.walk(url, { email: visitor.email });
    const { headers } = await visitor.visit(callback);
    const finish = headers.get('location') ?? '';
    expect(finish).toContain('/api/auth/redirect/finish?');
    const thief = newVisitor();
    expect((await thief.visit(finish)).headers.get('location')).toBe(
      `${site}/sorry?error=state_cookie_missing`,
    );
    expect([...thief.cookies.keys()]).toEqual([]);
    // Nor on a page.
    const code = new URL(finish).searchParams.get('code') ?? undefined;
    expect((await thief.redeem(code, 'x')).json).toMatchObject({ reason: 'code_unknown' });
    expect((await visitor.visit(finish)).headers.get('location')).toBe(`${site}/account`);
    expect((await visitor.visit(finish)).headers.get('location')).toBe(
      `${site}/sorry?error=code_used`,
    );
  });

  test('a client’s ID token signs nobody in', async () => {
    const answer = await newVisitor().ask('/api/auth/sign-in/social', {
      body: { provider: 'test', idToken: { token: 'a.b.c' } },
    });
    expect([answer.status, answer.json?.code]).toEqual([400, 'ID_TOKEN_NOT_SUPPORTED']);
  });

  test('a foreign callbackURL is refused', async () => {
    const answer = await newVisitor().ask('/api/auth/sign-in/social', {
      body: { provider: 'test', callbackURL: 'https://evil.example/x' },
    });
    expect([answer.status, answer.json?.code]).toEqual([403, 'INVALID_CALLBACK_URL']);
  });

  test('a provider without variables has its reason', async () => {
    const answer = await newVisitor().ask('/api/auth/sign-in/social', {
      body: { provider: 'google', callbackURL: '/account' },
    });
    expect(answer.json).toMatchObject({ reason: 'provider_not_configured' });
  });
});

test('linkSocial links to the account that is signed in', async () => {
  const visitor = newVisitor();
  await visitor.signUp();
  const answer = await visitor.ask('/api/auth/link-social', {
    body: { provider: 'test', callbackURL: '/account' },
  });
  const person = { sub: `linked-${visitor.email}` };
  expect(await comeBack(visitor, String(answer.json?.url), person)).toBe(`${site}/account`);
  const listed = await visitor.ask('/api/auth/list-accounts');
  expect(listed.text).toContain('"providerId":"test"');
  const anonymous = await newVisitor().ask('/api/auth/link-social', { body: { provider: 'test' } });
  expect(anonymous.json).toMatchObject({ code: 'UNAUTHORIZED', reason: 'no_credential' });
});

test('a page on another site is sent to the other flow instead of a cookie it would never see', async () => {
  const crossSite = await startRedirectService({
    BETTER_AUTH_URL: 'https://auth.example.com',
    BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.other.example',
    SITE_PAGES: 'https://docs.other.example/auth/confirm',
  });
  const visitor = new RedirectVisitor(crossSite);
  const answer = await visitor.ask('/api/auth/sign-in/social', {
    origin: 'https://docs.other.example',
    body: { provider: 'test', callbackURL: 'https://docs.other.example/account' },
  });
  expect([answer.status, answer.json?.code]).toEqual([400, 'REDIRECT_OTHER_SITE']);
  const started = await visitor.start('a'.repeat(43), {
    return_to: 'https://docs.other.example/auth/confirm',
  });
  expect(started.setCookies[0]).toMatch(
    /^__Host-better-auth\.redirect\.[\w-]{12}=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  await crossSite.stop();
});
