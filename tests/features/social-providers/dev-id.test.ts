/** Dev ID, the identity provider of `npm run dev`: oidc-provider, which the OpenID Foundation has certified. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDevPart } from '../../../src/features/social-providers/dev.js';
import {
  startDevIdentityProvider,
  type DevIdentityProvider,
} from '../../../src/features/social-providers/dev-identity-provider.js';
import { sitePage } from '../../support/mailed-link.js';
import { arrivalOf, newVerifier } from '../../support/redirect-visitor.js';
import { startTestService, testEnvironment, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

let devId: DevIdentityProvider;
let service: TestService;
beforeAll(async () => {
  devId = await startDevIdentityProvider(
    `${testEnvironment.BETTER_AUTH_URL ?? ''}/api/auth/callback/dev`,
  );
  service = await startTestService({
    env: {
      OIDC_DEV_ISSUER: devId.issuer,
      OIDC_DEV_CLIENT_ID: devId.clientId,
      OIDC_DEV_CLIENT_SECRET: devId.clientSecret,
      OIDC_DEV_LABEL: 'Dev ID',
      SITE_PAGES: sitePage,
    },
  });
});
afterAll(async () => {
  await service.stop();
  await devId.stop();
});

/** A browser at Dev ID. */
class DevIdVisit {
  private readonly cookies = new Map<string, string>();

  /** Follows redirects as long as they stay at Dev ID. @returns the answer, or where it leads */
  async open(url: string, form?: Record<string, string>): Promise<{ text: string; next: URL }> {
    let at = new URL(url, devId.issuer);
    let body = form && new URLSearchParams(form);
    for (;;) {
      const response = await fetch(at, {
        redirect: 'manual',
        headers: { cookie: [...this.cookies].map((pair) => pair.join('=')).join('; ') },
        ...(body && { method: 'POST', body }),
      });
      for (const line of response.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
        if (value === '') this.cookies.delete(name);
        else this.cookies.set(name, value);
      }
      const location = response.headers.get('location');
      if (location === null) return { text: await response.text(), next: at };
      at = new URL(location, at);
      body = undefined;
      if (at.origin !== devId.issuer) return { text: '', next: at };
    }
  }
}

async function start(parameters: Record<string, string> = {}) {
  const visitor = new Visitor(service);
  const { verifier, challenge } = newVerifier();
  const query = new URLSearchParams({
    provider: 'dev',
    return_to: sitePage,
    code_challenge: challenge,
    ...parameters,
  });
  const visit = (url: string) => visitor.ask(url, { origin: null });
  const { headers } = await visit(`/api/auth/redirect/start?${query.toString()}`);
  const finish = async (callback: URL) => {
    const arrival = arrivalOf(await visit(callback.pathname + callback.search));
    const redeem = () =>
      visitor.ask('/api/auth/redirect/redeem', {
        body: { code: arrival.code, code_verifier: verifier },
      });
    return { arrival, redeem };
  };
  return { url: headers.get('location') ?? '', finish };
}

test('with a login_hint it asks nothing, so that a script can walk the flow', async () => {
  const { url, finish } = await start({ login_hint: 'grace@example.com' });
  const { next } = await new DevIdVisit().open(url);
  const { redeem } = await finish(next);
  expect((await redeem()).json).toMatchObject({
    user: { email: 'grace@example.com', name: 'grace', emailVerified: true },
  });
});

test('its form signs in whom the visitor names, each time anew', async () => {
  const visit = new DevIdVisit();
  for (const email of ['first@example.com', 'second@example.com']) {
    const { url, finish } = await start();
    const form = await visit.open(url);
    expect(form.text).toContain('<h1>Dev ID</h1>');
    const { next } = await visit.open(form.next.href, { email, name: 'Ada', verified: 'on' });
    const { redeem } = await finish(next);
    expect(next.href).toContain('code=');
    expect((await redeem()).json).toMatchObject({ user: { email, name: 'Ada' } });
  }
});

test('an address that is not verified, and Cancel, have their reasons', async () => {
  const unverified = await start();
  const visit = new DevIdVisit();
  const form = await visit.open(unverified.url);
  const { next } = await visit.open(form.next.href, { email: 'eve@example.com', name: '' });
  const { redeem } = await unverified.finish(next);
  expect((await redeem()).json).toMatchObject({ reason: 'email_unverified' });

  const cancelled = await start();
  const other = await visit.open(cancelled.url);
  const { next: back } = await visit.open(other.next.href, { cancel: '1' });
  expect((await cancelled.finish(back)).arrival).toMatchObject({ error: 'access_denied' });
});

test('a redirect URI that is not registered is refused there', async () => {
  const { url } = await start();
  const tampered = new URL(url);
  tampered.searchParams.set('redirect_uri', 'https://evil.example/callback');
  const { text, next } = await new DevIdVisit().open(tampered.href);
  expect(next.origin).toBe(devId.issuer);
  expect(text).toMatch(/redirect_uri/);
});

test('npm run dev brings it unless a provider of the name is configured', async () => {
  const part = await startDevPart({ BETTER_AUTH_URL: 'http://localhost:3001' });
  expect(part?.environment.OIDC_DEV_LABEL).toBe('Dev ID');
  expect(part?.commands).toContain('provider=dev');
  await part?.stop();
  expect(await startDevPart({ OIDC_DEV_ISSUER: 'https://id.example.com' })).toBeUndefined();
});
