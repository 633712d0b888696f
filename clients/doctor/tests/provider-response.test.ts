/** Reading what a certified OpenID provider (oidc-provider, as Dev ID) responds to an authorization request. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  startDevIdentityProvider,
  type DevIdentityProvider,
} from '../../../src/features/social-providers/dev-identity-provider.js';
import { openAuthorizationUrl } from '../src/checks/provider-response.js';
import { createHttpClient } from '../src/http-client.js';

const redirectUri = 'https://auth.example.com/api/auth/callback/dev';

let devId: DevIdentityProvider;
const client = createHttpClient(new AbortController().signal);
beforeAll(async () => {
  devId = await startDevIdentityProvider(redirectUri);
});
afterAll(async () => {
  client.close();
  await devId.stop();
});

test.each<[what: string, changes: Record<string, string>, expected: object]>([
  ['a registered redirect URI', {}, { outcome: 'continued' }],
  [
    'another redirect URI',
    { redirect_uri: 'https://auth.example.com/other' },
    { outcome: 'refused', refused: 'redirect_uri' },
  ],
  ['an unknown client', { client_id: 'unknown' }, { outcome: 'refused', refused: 'client_id' }],
  ['a missing parameter', { response_type: '' }, { outcome: 'returned', error: 'invalid_request' }],
])('%s is recognized', async (_what, changes, expected) => {
  const url = new URL(`${devId.issuer}/auth`);
  url.search = new URLSearchParams({
    client_id: devId.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid email profile',
    state: 'state',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
    ...changes,
  }).toString();
  expect(await openAuthorizationUrl(client, url, 'oidc')).toMatchObject(expected);
});
