/** What each provider sends and what is believed of its answer. */
import { generateKeyPairSync } from 'node:crypto';
import { importSPKI, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FlowSecrets, IdentityProvider } from '../../../src/identity-providers.js';
import { createOAuthProvider } from '../../../src/features/social-providers/oauth-provider.js';
import { failureOf } from '../../../src/features/social-providers/provider-failure.js';
import { createOpenIdProvider } from '../../../src/features/social-providers/open-id-provider.js';
import {
  clientId,
  clientSecret,
  startIdentityProvider,
  type Bends,
  type IdentityProviderServer,
  type Person,
} from '../../support/identity-provider.js';

let server: IdentityProviderServer;
beforeAll(async () => {
  server = await startIdentityProvider();
});
afterAll(() => server.close());
beforeEach(() => {
  server.bends = {};
});

const now = () => new Date();
const flow: FlowSecrets = { state: 'a-state', nonce: 'a-nonce', codeVerifier: 'v'.repeat(43) };
const common = {
  id: 'x',
  label: 'X',
  clientId,
  redirectUri: 'http://localhost:3001/api/auth/callback/x',
};

const openId = (kind: 'google' | 'microsoft' | 'gitlab' | 'oidc') =>
  createOpenIdProvider({ ...common, kind, clientSecret, issuer: server.issuer }, { now });

async function identify(
  provider: IdentityProvider,
  person: Person,
  extra: Record<string, string> = {},
) {
  const url = await provider.authorizationUrl(flow, undefined);
  const { searchParams } = server.walk(url.href, person);
  for (const [name, value] of Object.entries(extra)) searchParams.set(name, value);
  return provider.finish(searchParams, flow);
}

describe('OpenID providers', () => {
  test('an address in capitals, a picture that is no https URL', async () => {
    const person = { email: 'Ada@Example.com', picture: 'javascript:alert(1)' } as Person;
    expect(await identify(openId('google'), person)).toMatchObject({
      email: 'ada@example.com',
      emailVerified: true,
      image: undefined,
    });
  });

  test('Microsoft vouches for the address of a personal account only, or with xms_edov', async () => {
    const person = { email: 'ada@example.com', email_verified: true };
    expect(await identify(openId('microsoft'), person)).toMatchObject({ emailVerified: false });
    const personal = { ...person, tid: '9188040d-6c67-4c5b-b112-36a304b66dad' } as Person;
    expect(await identify(openId('microsoft'), personal)).toMatchObject({ emailVerified: true });
    const verified = { ...person, tid: 'x', xms_edov: true } as Person;
    expect(await identify(openId('microsoft'), verified)).toMatchObject({ emailVerified: true });
  });

  test('claims of the user information count only for the same subject', async () => {
    const withoutClaims: Bends = { claims: (claims) => ({ ...claims, email: undefined }) };
    server.bends = withoutClaims;
    expect(await identify(openId('oidc'), { email: 'ada@example.com' })).toMatchObject({
      email: 'ada@example.com',
    });
    server.bends = {
      ...withoutClaims,
      answer: {
        step: 'userinfo',
        status: 200,
        body: '{"sub":"another","email":"eve@example.com"}',
      },
    };
    await expect(identify(openId('oidc'), { email: 'ada@example.com' })).rejects.toMatchObject({
      reason: 'id_token_invalid',
    });
  });

  test('the metadata of another issuer is refused', async () => {
    const other = createOpenIdProvider(
      {
        ...common,
        kind: 'oidc',
        clientSecret,
        issuer: server.issuer.replace('127.0.0.1', 'localhost'),
      },
      { now },
    );
    await expect(other.authorizationUrl(flow, undefined)).rejects.toMatchObject({
      reason: 'id_token_invalid',
    });
  });

  test('a metadata request that fails once is repeated', async () => {
    server.bends = { answer: { step: 'discovery', status: 503, body: '' } };
    const before = server.requests.length;
    await expect(openId('oidc').check()).rejects.toMatchObject({ reason: 'provider_error' });
    expect(server.requests.length - before).toBe(2);
  });

  test.each(['discovery', 'jwks', 'token', 'userinfo'] as const)(
    'a %s that hangs or drops ends within the deadline',
    async (step) => {
      // A failure is remembered for a second, so each has a provider of its own.
      const provider = () =>
        createOpenIdProvider(
          { ...common, kind: 'oidc', clientSecret, issuer: server.issuer },
          { now, deadlineMs: 300 },
        );
      const person =
        step === 'userinfo' ? { sub: 'x', email: undefined } : { email: 'a@example.com' };
      server.bends = { hang: step };
      await expect(identify(provider(), person)).rejects.toMatchObject({
        reason: 'provider_timeout',
      });
      server.bends = { drop: step };
      await expect(identify(provider(), person)).rejects.toMatchObject({
        reason: 'provider_unreachable',
      });
      server.bends = {};
      await identify(provider(), person);
    },
  );
});

describe('Apple', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const apple = () =>
    createOpenIdProvider(
      {
        ...common,
        kind: 'apple',
        issuer: server.issuer,
        teamId: 'A1B2C3D4E5',
        keyId: 'F6G7H8I9J0',
        privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
      { now },
    );

  test('asks for a form, and signs its client secret anew for each call', async () => {
    const url = await apple().authorizationUrl(flow, undefined);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_mode: 'form_post',
      scope: 'name email',
      nonce: 'a-nonce',
    });
    // The scope of the test provider decides whether there is an ID token.
    url.searchParams.set('scope', 'openid name email');
    const { searchParams } = server.walk(url.href, { email: 'ada@example.com' });
    searchParams.set(
      'user',
      '{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"evil@example.com"}',
    );
    expect(await apple().finish(searchParams, flow)).toMatchObject({
      email: 'ada@example.com',
      name: 'Ada Lovelace',
    });
    const secret = server.requests
      .findLast(({ step }) => step === 'token')
      ?.form.get('client_secret');
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const { payload, protectedHeader } = await jwtVerify(
      secret ?? '',
      await importSPKI(pem, 'ES256'),
    );
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: 'F6G7H8I9J0' });
    expect(payload).toMatchObject({ iss: 'A1B2C3D4E5', sub: clientId, aud: server.issuer });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
  });

  test.each(['no JSON', '[]', '{"name":5}', '{"name":{"firstName":{}}}'])(
    'a user field of %s is no name',
    async (user) => {
      const url = await apple().authorizationUrl(flow, undefined);
      url.searchParams.set('scope', 'openid');
      const { searchParams } = server.walk(url.href, { email: 'ada@example.com' });
      searchParams.set('user', user);
      expect(await apple().finish(searchParams, flow)).toMatchObject({ name: undefined });
    },
  );
});

test('a certificate that is not trusted is named', () => {
  const cause = Object.assign(new Error('self-signed certificate in certificate chain'), {
    code: 'SELF_SIGNED_CERT_IN_CHAIN',
  });
  expect(failureOf(new TypeError('fetch failed', { cause }))).toMatchObject({
    reason: 'provider_unreachable',
    detail: 'SELF_SIGNED_CERT_IN_CHAIN',
  });
});

describe('GitHub', () => {
  const github = () =>
    createOAuthProvider(
      {
        ...common,
        kind: 'github',
        clientSecret,
        webUrl: server.issuer,
        apiUrl: `${server.issuer}/api/v3`,
      },
      { now },
    );
  const walk = async (person: Person) => {
    const url = await github().authorizationUrl(flow, undefined);
    const { searchParams } = server.walk(url.href, person);
    return github().finish(searchParams, flow);
  };

  test('the primary address counts, verified or not; PKCE is used', async () => {
    expect(await walk({ email: 'ada@example.com', name: 'Ada' })).toMatchObject({
      email: 'ada@example.com',
      emailVerified: true,
      name: 'Ada',
      image: 'https://avatars.example.com/1',
    });
    expect(await walk({ email: 'ada@example.com', email_verified: false })).toMatchObject({
      emailVerified: false,
    });
    expect(await walk({ sub: '7', email: undefined })).toMatchObject({
      subject: '7',
      email: undefined,
      emailVerified: false,
      name: 'ada',
    });
  });

  test.each([
    ['incorrect_client_credentials', 'client_secret_wrong'],
    ['redirect_uri_mismatch', 'redirect_uri_mismatch'],
    ['bad_verification_code', 'provider_error'],
  ])('answers 200 with error=%s', async (error, reason) => {
    server.bends = { answer: { step: 'token', status: 200, body: JSON.stringify({ error }) } };
    await expect(walk({ email: 'ada@example.com' })).rejects.toMatchObject({ reason });
  });

  test('an app without the permission to read addresses gets an address that is missing', async () => {
    server.bends = {
      answer: { step: 'github/emails', status: 403, body: '{"message":"Resource not accessible"}' },
    };
    expect(await walk({ email: 'ada@example.com' })).toMatchObject({ email: undefined });
  });

  test.each(['github/user', 'github/emails'] as const)(
    'an error of %s is the provider’s',
    async (step) => {
      server.bends = { answer: { step, status: 500, body: '{"message":"rate limited"}' } };
      await expect(walk({ email: 'ada@example.com' })).rejects.toMatchObject({
        reason: 'provider_error',
      });
      server.bends = { answer: { step, status: 200, body: '{"unexpected":true}' } };
      await expect(walk({ email: 'ada@example.com' })).rejects.toMatchObject({
        reason: 'provider_error',
      });
    },
  );
});
