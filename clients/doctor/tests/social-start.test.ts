/** How sign-ins with a provider start, where they lead, and the page that finishes them. */
import { describe, expect, test } from 'vitest';
import { checkSocialSignIn } from '../src/checks/social-sign-in.js';
import type { DoctorContext } from '../src/doctor-context.js';
import { startDeployment } from './support/deployment.js';
import {
  acmeEnvironment,
  useProviderDeployment,
  type ProviderDeployment,
} from './support/provider-deployment.js';
import { startProviderPages, type Page } from './support/provider-pages.js';

let acme: ProviderDeployment;
useProviderDeployment((started) => (acme = started));

describe('where the service sends visitors', () => {
  /** The service redirects there. */
  const redirectTo = (change: (location: string) => string) => {
    acme.deployment.proxy.faults = {
      response(headers, req) {
        const { location } = headers;
        if (req.url?.startsWith('/api/auth/redirect/start') && typeof location === 'string') {
          headers.location = change(location);
        }
      },
    };
  };

  test('without https is a fault, and not opened', async () => {
    redirectTo((location) => location.replace('127.0.0.1', 'id.example.com'));
    expect(await acme.check()).toMatchObject([{ status: 'fail', code: 'PROVIDER_INSECURE' }]);
  });

  test('an address that nothing serves is a fault', async () => {
    redirectTo((location) => location.replace(acme.provider.issuer, 'http://127.0.0.1:1'));
    expect(await acme.check()).toMatchObject([
      {
        status: 'fail',
        code: 'PROVIDER_UNREACHABLE',
        message:
          'Acme: cannot connect to http://127.0.0.1:1: no process listens on this port (ECONNREFUSED)',
      },
    ]);
  });

  test('a redirect URI on another host is a fault', async () => {
    redirectTo((location) =>
      location.replace(/redirect_uri=[^&]+/, 'redirect_uri=https://a.example/x'),
    );
    const [finding] = await acme.check();
    expect(finding).toMatchObject({ status: 'fail', code: 'CALLBACK_OTHER_URL' });
    expect(finding?.message).toContain(`to https://a.example/x, not to ${acme.redirectUri}`);
    expect(acme.provider.requested).toEqual([]);
  });

  test('a start that is refused by the service itself is not checked, and no fault of the provider', async () => {
    const request: DoctorContext['request'] = (url) =>
      Promise.resolve({
        status: url.includes('/redirect/start') ? 503 : 200,
        headers: {},
        setCookies: [],
        text: '',
        json: url.includes('/redirect/start')
          ? { code: 'SERVICE_BUSY' }
          : { features: { socialProviders: [{ id: 'acme', label: 'Acme', kind: 'oidc' }] } },
        sentAt: 0,
        receivedAt: 0,
      });
    expect(await acme.check({ request })).toMatchObject([
      { status: 'unknown', code: 'SOCIAL_START_NOT_CHECKED' },
    ]);
  });

  test('this machine is a fault of a public service, and not opened', async () => {
    const location = `${acme.provider.issuer}/authorize?redirect_uri=x`;
    const request: DoctorContext['request'] = (url) =>
      Promise.resolve({
        status: url.includes('/redirect/start') ? 302 : 200,
        headers: { location },
        setCookies: [],
        text: '',
        json: { features: { socialProviders: [{ id: 'dev', label: 'Dev ID', kind: 'oidc' }] } },
        sentAt: 0,
        receivedAt: 0,
      });
    const findings = await acme.check({ authUrl: 'https://auth.example.com', request });
    expect(findings).toMatchObject([{ status: 'fail', code: 'PROVIDER_ON_LOOPBACK' }]);
    expect(acme.provider.requested).toEqual([]);
  });
});

describe('a start that leads to no provider', () => {
  test('is explained by its reason', async () => {
    acme.offer(
      { id: 'other', label: 'Other', kind: 'oidc' },
      { id: 'google', label: 'G', kind: 'google' },
    );
    const [unknownProvider, notConfigured] = await acme.check();
    expect(unknownProvider).toEqual({
      status: 'fail',
      code: 'SOCIAL_START_FAILED',
      message: 'Other: the sign-in fails at its start: provider_unknown',
      impact: 'Meaning: the page names a provider that this service does not know.',
      fix: 'take the ids from /api/auth/features; a provider of your own needs OIDC_<NAME>_ISSUER',
    });
    expect(notConfigured?.message).toBe(
      'G: the sign-in fails at its start: provider_not_configured',
    );
  });

  test('names a provider that the service cannot reach', async () => {
    const down = await startDeployment({
      env: {
        OIDC_DOWN_ISSUER: 'http://127.0.0.1:1',
        OIDC_DOWN_CLIENT_ID: 'client-1',
        OIDC_DOWN_CLIENT_SECRET: 'a-client-secret',
        OIDC_DOWN_LABEL: 'Down',
      },
    });
    const findings = await down.check(checkSocialSignIn);
    await down.stop();
    expect(findings).toMatchObject([
      {
        status: 'fail',
        code: 'SOCIAL_START_FAILED',
        message: 'Down: the sign-in fails at its start: provider_unreachable',
      },
    ]);
  });

  test('because it is called by another URL than its own is reported once', async () => {
    acme.offer({ id: 'acme', label: 'A', kind: 'oidc' }, { id: 'acme', label: 'B', kind: 'oidc' });
    const authUrl = acme.deployment.target.authUrl.replace('127.0.0.1', 'localhost');
    const findings = await acme.check({ authUrl });
    expect(findings).toMatchObject([
      {
        status: 'fail',
        code: 'OWN_PAGE_NOT_ALLOWED',
        fix: `set BETTER_AUTH_URL=${authUrl}, or call the URL in BETTER_AUTH_URL`,
      },
    ]);
  });

  test('because of a limit is not a fault', async () => {
    acme.deployment.proxy.faults = {
      respond(req, res) {
        if (!req.url?.startsWith('/api/auth/redirect/start')) return false;
        res.writeHead(429, { 'content-type': 'application/json' });
        res.end('{"code":"RATE_LIMITED"}');
        return true;
      },
    };
    expect(await acme.check()).toMatchObject([
      {
        status: 'unknown',
        message:
          'Acme: /api/auth/redirect/start responded 429 (RATE_LIMITED), which does not lead to a provider',
      },
    ]);
  });
});

describe('--site-page', () => {
  const codes = async (page: string) => {
    const findings = await acme.check({ sitePages: [page] });
    return findings.map(({ status, code }) => `${status} ${code}`);
  };

  test('a page that is not in SITE_PAGES character by character is a fault', async () => {
    const page = 'http://127.0.0.1:1/auth/callback/';
    const [finding] = await acme.check({ sitePages: [page] });
    expect(finding).toMatchObject({ status: 'fail', code: 'SITE_PAGE_NOT_ALLOWED' });
    expect(finding?.fix).toContain(`add exactly ${page} to SITE_PAGES`);
  });

  test.each<[response: string, page: Page, code: string]>([
    ['that responds is allowed', { status: 200 }, 'ok SITE_PAGE'],
    [
      'that redirects would lose the code',
      { status: 301, headers: { location: '/auth/callback/' } },
      'fail SITE_PAGE_REDIRECTS',
    ],
    ['that is missing is a fault', { status: 404 }, 'fail SITE_PAGE_MISSING'],
  ])('a page %s', async (_text, page, code) => {
    const site = await startProviderPages();
    site.pages = { '/auth/callback': page };
    const own = await startDeployment({
      origin: site.issuer,
      env: {
        ...acmeEnvironment(acme.provider.issuer),
        SITE_PAGES: `${site.issuer}/auth/callback`,
      },
    });
    const findings = await own.check(checkSocialSignIn, {
      sitePages: [`${site.issuer}/auth/callback`],
    });
    await own.stop();
    await site.close();
    expect(findings.map(({ status, code }) => `${status} ${code}`)[0]).toBe(code);
  });

  test('a page that does not respond is no fault of the service', async () => {
    expect(await codes('http://127.0.0.1:1/auth/callback')).toEqual([
      'unknown SITE_PAGE_NOT_CHECKED',
      'ok PROVIDER_ASKS_FOR_LOGIN',
    ]);
  });

  test('is not checked where no provider is offered', async () => {
    acme.offer();
    expect(await codes('http://127.0.0.1:1/auth/callback')).toEqual([
      'unknown SITE_PAGE_NOT_CHECKED',
    ]);
  });
});
