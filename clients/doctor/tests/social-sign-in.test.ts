/** The section of providers: a real service, and a provider up to its login page. */
import { describe, expect, test } from 'vitest';
import { useProviderDeployment, type ProviderDeployment } from './support/provider-deployment.js';
import { loginPage, type Page } from './support/provider-pages.js';

let acme: ProviderDeployment;
useProviderDeployment((started) => (acme = started));

describe('a provider that accepts client id and redirect URI', () => {
  test('is recognized by its refusal of another redirect URI', async () => {
    acme.provider.authorize = (parameters) =>
      parameters.get('redirect_uri') === acme.redirectUri
        ? loginPage
        : { status: 400, body: { error: 'invalid_redirect_uri' } };
    expect(await acme.check()).toEqual([
      {
        status: 'ok',
        code: 'PROVIDER_ACCEPTS',
        message: `Acme accepts the client id and ${acme.redirectUri}`,
      },
    ]);
    const [first, second] = acme.provider.requested.map(({ searchParams }) =>
      Object.fromEntries(searchParams),
    );
    expect(first).toMatchObject({ client_id: 'client-1', redirect_uri: acme.redirectUri });
    expect(second).toEqual({ ...first, redirect_uri: 'https://not-registered.invalid/callback' });
  });

  test('may ask for a login before it compares: that is not reported as accepted', async () => {
    acme.offer({ id: 'acme', label: 'GitHub', kind: 'github' });
    acme.respond({
      status: 302,
      headers: { location: '/login?return_to=%2Flogin%2Foauth%2Fauthorize' },
    });
    expect(await acme.check()).toEqual([
      {
        status: 'ok',
        code: 'PROVIDER_ASKS_FOR_LOGIN',
        message: `GitHub asks for a login, and does not reveal before it whether the redirect URI is registered: compare ${acme.redirectUri} at GitHub → Settings → Developer settings → OAuth Apps → Authorization callback URL`,
      },
    ]);
    // The login page is not opened: without the cookies of a browser it may look like an error.
    expect(new Set(acme.provider.requested.map(({ pathname }) => pathname))).toEqual(
      new Set(['/authorize']),
    );
  });

  test('is not refused because its page is long, or contains the texts of errors', async () => {
    const texts = 'redirect_uri_mismatch invalid_client AADSTS50011 ';
    acme.respond({ status: 200, body: texts.repeat(20_000) });
    expect(await acme.check()).toMatchObject([{ status: 'ok', code: 'PROVIDER_ASKS_FOR_LOGIN' }]);
  });
});

describe('a refused request', () => {
  test('names the redirect URI to register', async () => {
    acme.respond({ status: 400, body: { error: 'invalid_redirect_uri' } });
    expect(await acme.check()).toEqual([
      {
        status: 'fail',
        code: 'REDIRECT_URI_NOT_REGISTERED',
        message: 'Acme refuses the redirect URI (invalid_redirect_uri)',
        impact: 'Visitors see an error page of the provider instead of a login.',
        fix: `register exactly ${acme.redirectUri} in the settings of this client at the provider's administration`,
      },
    ]);
  });

  test('names the variable with the client id', async () => {
    acme.respond({ status: 400, body: '<title>Sign in to acme</title>Client not found.' });
    expect(await acme.check()).toMatchObject([
      {
        status: 'fail',
        code: 'CLIENT_ID_REFUSED',
        message: 'Acme refuses the client id (Sign in to acme)',
        fix: "copy OIDC_ACME_CLIENT_ID again in the settings of this client at the provider's administration, and redeploy",
      },
    ]);
  });
});

describe('other responses of a provider', () => {
  test('an unknown error page is a fault with its title', async () => {
    acme.respond({ status: 400, body: '<title>Anfrage ungültig</title>' });
    expect(await acme.check()).toMatchObject([
      {
        status: 'fail',
        code: 'PROVIDER_REFUSES',
        message: 'Acme refuses the request (Anfrage ungültig)',
      },
    ]);
  });

  test('an error at the callback is named, and the callback is not opened', async () => {
    acme.respond({
      status: 302,
      headers: { location: `${acme.redirectUri}?error=invalid_scope&state=x` },
    });
    const calls: string[] = [];
    acme.deployment.proxy.faults = {
      request: (_headers, req) => {
        calls.push(req.url ?? '');
      },
    };
    expect(await acme.check()).toMatchObject([
      {
        status: 'fail',
        code: 'PROVIDER_REFUSES',
        message: `Acme accepts ${acme.redirectUri}, but refuses the request: invalid_scope`,
      },
    ]);
    expect(calls.filter((url) => url.includes('/callback/'))).toHaveLength(0);
  });

  test.each<[text: string, page: Page]>([
    ['an outage', { status: 503 }],
    ['a limit', { status: 429 }],
    ['a challenge for programs', { status: 403, headers: { 'cf-mitigated': 'challenge' } }],
  ])('%s is not a fault of the deployment', async (_text, page) => {
    acme.respond(page);
    expect(await acme.check()).toMatchObject([{ status: 'unknown', code: 'PROVIDER_NOT_CHECKED' }]);
  });

  test('a provider that hangs does not keep the doctor', async () => {
    acme.provider.authorize = () => undefined;
    expect(await acme.check()).toMatchObject([
      {
        status: 'unknown',
        code: 'PROVIDER_NOT_CHECKED',
        message: `Acme: ${acme.provider.issuer} did not respond (TIMEOUT)`,
      },
    ]);
  });

  test('a dropped connection is a finding', async () => {
    acme.provider.authorize = (_parameters, res) => {
      res.destroy();
      return undefined;
    };
    expect(await acme.check()).toMatchObject([{ status: 'unknown', code: 'PROVIDER_NOT_CHECKED' }]);
  });

  test('text of a provider cannot write to the terminal', async () => {
    acme.respond({ status: 400, body: `<title>\u001b[31m${'x'.repeat(500)}</title>` });
    const [finding] = await acme.check();
    expect(finding?.code).toBe('PROVIDER_REFUSES');
    expect(finding?.message).not.toMatch(/\p{Cc}/u);
    expect(finding?.message.length).toBeLessThan(300);
  });
});

test('a deployment without providers has no findings in this section', async () => {
  acme.offer();
  expect(await acme.check()).toEqual([]);
});

test('providers in an unknown form are not passed over', async () => {
  acme.offer({ id: '../x', label: 'X', kind: 'oidc' });
  expect(await acme.check()).toMatchObject([{ status: 'unknown', code: 'PROVIDERS_NOT_READ' }]);
});
