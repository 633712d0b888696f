/** GitHub and Discord: OAuth 2.0 with PKCE, and an API instead of an ID token. */
import * as client from 'openid-client';
import { z } from 'zod';
import {
  ProviderFailure,
  type FlowSecrets,
  type IdentityProvider,
  type ProviderIdentity,
} from '../../identity-providers.js';
import { identityOf } from './claims.js';
import type { ProviderDependencies } from './open-id-provider.js';
import { createProviderFetch, providerDeadlineMs, type ProviderFetch } from './provider-fetch.js';
import { failureOf, failureOfOAuthError } from './provider-failure.js';
import type { OAuthSettings } from './settings.js';

interface Api {
  readonly server: client.ServerMetadata;
  readonly scope: string;
  /** @param read asks the API, with the access token */
  readonly identify: (read: ReadApi) => Promise<RawPerson>;
}

/** @param absent statuses that mean undefined */
type ReadApi = (path: string, absent?: readonly number[]) => Promise<unknown>;

interface RawPerson {
  readonly subject: string;
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  readonly name: unknown;
  readonly image: unknown;
}

const githubUser = z.object({
  id: z.number(),
  login: z.string(),
  name: z.unknown(),
  avatar_url: z.unknown(),
});
const githubEmails = z.array(
  z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }),
);
const discordUser = z.object({
  id: z.string(),
  username: z.string(),
  global_name: z.unknown(),
  email: z.string().nullish(),
  verified: z.boolean().nullish(),
});

function apiOf(kind: OAuthSettings['kind'], web: string): Api {
  if (kind === 'discord') {
    return {
      server: {
        issuer: web,
        authorization_endpoint: `${web}/oauth2/authorize`,
        token_endpoint: `${web}/api/oauth2/token`,
      },
      scope: 'identify email',
      async identify(read) {
        const user = discordUser.parse(await read('/users/@me'));
        return {
          subject: user.id,
          email: user.email ?? undefined,
          emailVerified: user.verified === true,
          name: user.global_name ?? user.username,
          image: undefined,
        };
      },
    };
  }
  return {
    server: {
      issuer: web,
      authorization_endpoint: `${web}/login/oauth/authorize`,
      token_endpoint: `${web}/login/oauth/access_token`,
    },
    scope: 'read:user user:email',
    async identify(read) {
      const user = githubUser.parse(await read('/user'));
      // The address in `user` is the public one: unverified, and often missing.
      // A GitHub app without the permission "Email addresses" gets 403: that is an address that is missing.
      const emails = githubEmails.parse((await read('/user/emails', [403, 404])) ?? []);
      const email =
        emails.find(({ primary }) => primary) ?? emails.find(({ verified }) => verified);
      return {
        subject: String(user.id),
        email: email?.email,
        emailVerified: email?.verified === true,
        name: user.name ?? user.login,
        image: user.avatar_url,
      };
    },
  };
}

export function createOAuthProvider(
  { id, label, kind, clientId, clientSecret, redirectUri, webUrl, apiUrl }: OAuthSettings,
  { now, deadlineMs = providerDeadlineMs }: ProviderDependencies,
): IdentityProvider {
  const { server, scope, identify } = apiOf(kind, webUrl);
  const fetchFromProvider = createProviderFetch(deadlineMs);
  const configuration = new client.Configuration(
    server,
    clientId,
    {},
    client.ClientSecretPost(clientSecret),
  );
  configuration[client.customFetch] = refuseErrorBodies(fetchFromProvider) as client.CustomFetch;
  configuration.timeout = deadlineMs / 1000;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- loopback only, see provider-url.ts
  if (webUrl.startsWith('http:')) client.allowInsecureRequests(configuration);

  async function finish(
    parameters: URLSearchParams,
    { state, codeVerifier }: FlowSecrets,
  ): Promise<ProviderIdentity> {
    const tokens = await client.authorizationCodeGrant(
      configuration,
      new URL(`${redirectUri}?${parameters.toString()}`),
      { expectedState: state, pkceCodeVerifier: codeVerifier },
    );
    const read: ReadApi = async (path, absent = []) => {
      const headers = {
        accept: 'application/json',
        authorization: `Bearer ${tokens.access_token}`,
        'user-agent': 'auth-service', // GitHub refuses requests without one
      };
      const response = await fetchFromProvider(`${apiUrl}${path}`, { headers });
      if (response.status === 200) return response.json();
      if (absent.includes(response.status)) return undefined;
      throw new ProviderFailure('provider_error', `${path} responded ${response.status}`);
    };
    const expiresIn = tokens.expiresIn();
    return identityOf({
      ...(await identify(read)),
      tokens: {
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token,
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
    postsForm: false,
    async authorizationUrl({ state, codeVerifier }, loginHint) {
      return client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope,
        state,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(kind === 'github' && loginHint !== undefined && { login: loginHint }),
      });
    },
    finish: (parameters, flow) =>
      finish(parameters, flow).catch((error: unknown) => {
        throw failureOf(error);
      }),
    check: () => Promise.resolve(), // no metadata, and no way to try a secret without a visitor
  };
}

/** GitHub answers 200 with an error instead of a token. */
function refuseErrorBodies(send: ProviderFetch) {
  return async (url: string, options?: RequestInit): Promise<Response> => {
    const response = await send(url, options);
    if (response.status !== 200) return response;
    const text = await response.text();
    const { error, error_description: description } = readError(text);
    if (typeof error === 'string') {
      throw failureOfOAuthError(error, typeof description === 'string' ? description : '');
    }
    const { status, headers } = response;
    return new Response(text, { status, headers });
  };
}

function readError(text: string): { error?: unknown; error_description?: unknown } {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}
