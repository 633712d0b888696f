/** The refusals of known providers, in their own words. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeResponse } from '../src/checks/provider-findings.js';
import { openAuthorizationUrl } from '../src/checks/provider-response.js';
import { createHttpClient } from '../src/http-client.js';
import { startProviderPages, type Page, type ProviderPages } from './support/provider-pages.js';

let provider: ProviderPages;
const client = createHttpClient(new AbortController().signal);
beforeAll(async () => {
  provider = await startProviderPages();
});
afterEach(() => {
  provider.pages = {};
});
afterAll(async () => {
  client.close();
  await provider.close();
});

const redirectUri = 'https://auth.example.com/api/auth/callback/acme';

function open(kind: string, page: Page) {
  provider.authorize = () => page;
  const url = new URL(`${provider.issuer}/authorize`);
  url.searchParams.set('redirect_uri', redirectUri);
  return openAuthorizationUrl(client, url, kind);
}

/** Google's error page has the error in a parameter: base64 of a binary message. */
const googleError = (code: string) => ({
  status: 302,
  headers: {
    location: `/signin/oauth/error/v2?authError=${encodeURIComponent(
      Buffer.from(`\n\x15${code}\x12\xb0\x01You can't sign in`, 'latin1').toString('base64'),
    )}&client_id=client-1`,
  },
});
const keycloakPage = (message: string) => ({
  status: 400,
  body: `<title>Sign in to acme</title><p class="instruction">${message}</p>`,
});

test.each<[kind: string, page: Page]>([
  ['google', googleError('redirect_uri_mismatch')],
  [
    'microsoft',
    {
      status: 200,
      body: `<title>Sign in to your account</title><script>$Config={"strServiceExceptionMessage":"AADSTS50011: The redirect URI 'x' specified in the request does not match"}</script>`,
    },
  ],
  [
    'apple',
    { status: 400, body: '<title>Error</title>invalid_request<br>Invalid web redirect url.' },
  ],
  ['apple', { status: 400, body: { error: 'invalid_request' } }],
  ['discord', { status: 400, body: { redirect_uri: ['Invalid OAuth2 redirect_uri'] } }],
  [
    'discord',
    {
      status: 302,
      headers: {
        location: '/oauth2/error?error=invalid_request&error_description=Mismatching+redirect+URI.',
      },
    },
  ],
  ['github', { status: 400, body: 'The redirect_uri is not associated with this application.' }],
  [
    'oidc',
    {
      status: 400,
      body: 'The &#39;redirect_uri&#39; parameter must be a Login redirect URI in the client app settings',
    },
  ],
  ['gitlab', { status: 400, body: 'The redirect URI included is not valid.' }],
  ['oidc', keycloakPage('Invalid parameter: redirect_uri')],
  ['oidc', { status: 400, body: { error: 'invalid_redirect_uri' } }],
  ['oidc', { status: 403, body: '<title>Error</title>Callback URL mismatch.' }],
  ['oidc', { status: 302, headers: { location: '/error?error=redirect_mismatch' } }],
])('%s refuses the redirect URI', async (kind, page) => {
  expect(await open(kind, page)).toMatchObject({ outcome: 'refused', refused: 'redirect_uri' });
});

test.each<[kind: string, page: Page]>([
  ['google', googleError('invalid_client')],
  ['google', googleError('deleted_client')],
  ['github', { status: 404, body: '<title>Page not found</title>' }],
  ['microsoft', { status: 200, body: 'AADSTS700016: Application with identifier was not found' }],
  ['apple', { status: 403, body: 'invalid_client' }],
  ['discord', { status: 400, body: { client_id: ['Value "client-1" is not snowflake.'] } }],
  ['gitlab', { status: 401, body: 'Client authentication failed due to unknown client' }],
  ['oidc', { status: 400, body: { error: 'invalid_client' } }],
  ['oidc', keycloakPage('Client not found.')],
])('%s refuses the client id', async (kind, page) => {
  expect(await open(kind, page)).toMatchObject({ outcome: 'refused', refused: 'client_id' });
});

test('an error page after a redirect is read too', async () => {
  provider.pages = { '/error': { status: 400, body: '<title>Oops</title>Callback URL mismatch.' } };
  const page = { status: 302, headers: { location: '/error?id=1' } };
  expect(await open('oidc', page)).toEqual({
    outcome: 'refused',
    refused: 'redirect_uri',
    detail: 'Oops',
  });
});

test('an error page of another host is not opened', async () => {
  const other = await startProviderPages();
  const page = { status: 302, headers: { location: `${other.issuer}/error?error=invalid_client` } };
  expect(await open('oidc', page)).toMatchObject({ outcome: 'refused', refused: 'client_id' });
  expect(other.requested).toEqual([]);
  await other.close();
});

test.each([
  ['google', 'Authorized redirect URIs', 'GOOGLE_CLIENT_ID'],
  ['github', 'Authorization callback URL', 'GITHUB_CLIENT_ID'],
  ['microsoft', 'Redirect URIs', 'MICROSOFT_CLIENT_ID'],
  ['apple', 'Return URLs', 'APPLE_CLIENT_ID'],
  ['discord', 'Redirects', 'DISCORD_CLIENT_ID'],
  ['gitlab', 'Redirect URI', 'GITLAB_CLIENT_ID'],
  ['oidc', 'in the settings of this client', 'OIDC_MY_SCHOOL_CLIENT_ID'],
])('the fix names where to register at %s, and the variable', (kind, place, variable) => {
  const provider = { id: kind === 'oidc' ? 'my-school' : kind, label: 'Acme', kind };
  const fixOf = (refused: 'redirect_uri' | 'client_id') =>
    describeResponse(provider, redirectUri, { outcome: 'refused', refused, detail: 'x' }).fix;
  expect(fixOf('redirect_uri')).toContain(`register exactly ${redirectUri} `);
  expect(fixOf('redirect_uri')).toContain(place);
  expect(fixOf('client_id')).toContain(`copy ${variable} again`);
});
