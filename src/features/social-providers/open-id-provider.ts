/**
 * An OpenID provider (Google, Microsoft, GitLab, Apple, any other): discovery, PKCE, nonce, `iss`, and an ID token whose
 * signature is verified although it arrives over TLS.
 */
import { compactVerify, createRemoteJWKSet, customFetch, type CompactVerifyGetKey } from 'jose';
import * as client from 'openid-client';
import {
  type FlowSecrets,
  type IdentityProvider,
  type ProviderIdentity,
} from '../../identity-providers.js';
import { createAppleSecret } from './apple-secret.js';
import { identityOf, isEmailVerified, readAppleName } from './claims.js';
import { createProviderFetch, providerDeadlineMs } from './provider-fetch.js';
import { failureOf } from './provider-failure.js';
import type { AppleSettings, OpenIdSettings } from './settings.js';

const metadataLifetimeMs = 3_600_000;

/** How long a provider whose metadata cannot be read is not asked again. */
const failureLifetimeMs = 1_000;

/** How soon keys are read again when an unknown one signs: openid-client waits for a minute after each rotation. */
const keyCooldownMs = 1_000;

/** Fixed here: a page cannot ask for more (traps.md). */
const scopes = { apple: 'name email', default: 'openid email profile' };

interface Metadata {
  readonly configuration: client.Configuration;
  readonly keys: CompactVerifyGetKey;
}

export interface ProviderDependencies {
  readonly now: () => Date;
  readonly deadlineMs?: number;
}

export function createOpenIdProvider(
  settings: OpenIdSettings | AppleSettings,
  { now, deadlineMs = providerDeadlineMs }: ProviderDependencies,
): IdentityProvider {
  const { id, label, kind, issuer, clientId, redirectUri } = settings;
  const fetchFromProvider = createProviderFetch(deadlineMs);
  const isInsecure = issuer.startsWith('http:'); // loopback only, see open-id-variables.ts
  let known: (Metadata & { readonly until: number }) | undefined;
  let failed: { readonly error: unknown; readonly until: number } | undefined;
  let discovering: Promise<Metadata> | undefined;

  function clientAuthentication(): client.ClientAuth {
    if (settings.kind === 'apple') return createAppleSecret(settings, now);
    return client.ClientSecretPost(settings.clientSecret);
  }

  /** Concurrent callers share one request, and a failure is remembered: starts must not multiply requests to a provider. */
  async function discover(): Promise<Metadata> {
    const at = now().getTime();
    if (known !== undefined && known.until > at) return known;
    if (failed !== undefined && failed.until > at) throw failed.error;
    try {
      discovering ??= readMetadata().finally(() => (discovering = undefined));
      return await discovering;
    } catch (error) {
      failed = { error, until: at + failureLifetimeMs };
      // Metadata that is an hour old is better than none.
      if (known !== undefined) return known;
      throw error;
    }
  }

  async function readMetadata(): Promise<Metadata> {
    const options: client.DiscoveryRequestOptions = {
      [client.customFetch]: fetchFromProvider as client.CustomFetch,
      timeout: deadlineMs / 1000,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- its warning is the point: loopback only
      ...(isInsecure && { execute: [client.allowInsecureRequests] }),
    };
    const configuration = await client.discovery(
      new URL(issuer),
      clientId,
      {},
      clientAuthentication(),
      options,
    );
    const { jwks_uri: keysUrl = '' } = configuration.serverMetadata();
    const keys = createRemoteJWKSet(new URL(keysUrl), {
      [customFetch]: fetchFromProvider,
      timeoutDuration: deadlineMs,
      cooldownDuration: keyCooldownMs,
    });
    known = { configuration, keys, until: now().getTime() + metadataLifetimeMs };
    return known;
  }

  async function identify(
    parameters: URLSearchParams,
    { state, nonce, codeVerifier }: FlowSecrets,
  ): Promise<ProviderIdentity> {
    const { configuration, keys } = await discover();
    const tokens = await client.authorizationCodeGrant(
      configuration,
      new URL(`${redirectUri}?${standardParameters(parameters).toString()}`),
      {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      },
    );
    const { id_token: idToken = '' } = tokens;
    const claims = tokens.claims();
    if (claims === undefined) throw new Error('the provider sent no ID token');
    // openid-client has checked the claims. The signature matters although the token came over TLS: defence in depth.
    await compactVerify(idToken, keys);
    // Some providers put the address into the user information only.
    const { userinfo_endpoint: endpoint } = configuration.serverMetadata();
    const more =
      claims.email === undefined && endpoint !== undefined
        ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
        : {};
    const all: Readonly<Record<string, unknown>> = { ...more, ...claims };
    const expiresIn = tokens.expiresIn();
    return identityOf({
      subject: claims.sub,
      email: all.email,
      emailVerified: isEmailVerified(kind, all),
      // Apple sends the name once, outside the token, so it is only text.
      name: kind === 'apple' ? readAppleName(parameters.get('user')) : all.name,
      image: all.picture,
      tokens: {
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token,
        idToken,
        accessTokenExpiresAt:
          expiresIn === undefined ? undefined : now().getTime() + expiresIn * 1000,
        scope: tokens.scope,
      },
    });
  }

  return {
    id,
    label,
    kind,
    redirectUri,
    postsForm: kind === 'apple',
    async authorizationUrl({ state, nonce, codeVerifier }, loginHint) {
      const { configuration } = await discover().catch((error: unknown) => {
        throw failureOf(error);
      });
      return client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: kind === 'apple' ? scopes.apple : scopes.default,
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(kind === 'apple' && { response_mode: 'form_post' }),
        // Otherwise Google signs in with the only account of the browser without asking.
        ...((kind === 'google' || kind === 'microsoft') &&
          loginHint === undefined && { prompt: 'select_account' }),
        ...(loginHint !== undefined && { login_hint: loginHint }),
      });
    },
    finish: (parameters, flow) =>
      identify(parameters, flow).catch((error: unknown) => {
        throw failureOf(error);
      }),
    async check() {
      await discover().catch((error: unknown) => {
        throw failureOf(error);
      });
    },
  };
}

/** Only what the protocol defines: Apple's form also has the name, and an ID token for other flows. */
function standardParameters(parameters: URLSearchParams): URLSearchParams {
  const names = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri'];
  return new URLSearchParams([...parameters].filter(([name]) => names.includes(name)));
}
