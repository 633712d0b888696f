/**
 * What the service knows of identity providers (Google, GitHub, any OpenID provider). One feature talks to them; the
 * redirect flow decides what their answer means for an account.
 */

import { maskText } from './log/mask.js';

/** The providers' marks and button rules differ, so pages must know which one it is. */
export const providerKinds = [
  'google',
  'github',
  'microsoft',
  'apple',
  'discord',
  'gitlab',
  'oidc',
] as const;

export type ProviderKind = (typeof providerKinds)[number];

/** What the provider says of the person who signed in there. */
export interface ProviderIdentity {
  /** The provider's own permanent id of the person. Never the address, which can get another owner. */
  readonly subject: string;
  /** In lower case; undefined where the provider gives none. */
  readonly email: string | undefined;
  /** Whether the provider vouches for it that the person reads the mails of this address. */
  readonly emailVerified: boolean;
  readonly name: string | undefined;
  /** An https URL. */
  readonly image: string | undefined;
  /** Kept only where the operator says so. */
  readonly tokens: ProviderTokens;
}

interface ProviderTokens {
  readonly accessToken?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly idToken?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly accessTokenExpiresAt?: number | undefined;
  readonly scope?: string | undefined;
}

/** Secrets of one flow, which the provider's answer must match. */
export interface FlowSecrets {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636), between this service and the provider. */
  readonly codeVerifier: string;
}

export interface IdentityProvider {
  /** As in `provider=` and in the redirect URI. */
  readonly id: string;
  /** The name on the button. */
  readonly label: string;
  readonly kind: ProviderKind;
  /** The URL to register with the provider. */
  readonly redirectUri: string;
  /** Whether its answer is a form that the browser posts from the provider's site (Apple). */
  readonly postsForm: boolean;
  /** Where the browser is sent. @throws ProviderFailure if the provider's metadata cannot be read */
  authorizationUrl(flow: FlowSecrets, loginHint: string | undefined): Promise<URL>;
  /**
   * Verifies the provider's answer and asks it who signed in.
   * @param parameters of the callback: its query or its form
   * @throws ProviderFailure
   */
  finish(parameters: URLSearchParams, flow: FlowSecrets): Promise<ProviderIdentity>;
  /** Reads the provider's metadata and checks own credentials as far as that is possible. @throws ProviderFailure */
  check(): Promise<void>;
}

export type ProviderFailureReason =
  | 'access_denied'
  | 'redirect_uri_mismatch'
  | 'client_secret_wrong'
  | 'provider_unreachable'
  | 'provider_timeout'
  | 'provider_error'
  | 'id_token_invalid';

const maxDetailLength = 300;

/** Why a provider signed nobody in. */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  readonly detail: string;

  /**
   * @param reason of the table of redirect reasons
   * @param detail for the log only: it may have text that the provider or a visitor chose
   */
  constructor(
    readonly reason: ProviderFailureReason,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(reason, options);
    // Providers write addresses of persons into it, and a visitor can choose it.
    this.detail = maskText(detail).slice(0, maxDetailLength);
  }
}

/** What operators allow; the redirect flow applies it. */
export interface IdentityProviders {
  readonly list: readonly IdentityProvider[];
  find(id: string): IdentityProvider | undefined;
  /** Whether an account may be created. */
  readonly signUp: boolean;
  /** Domains of addresses that may have accounts, in lower case; undefined means any. */
  readonly allowedDomains: readonly string[] | undefined;
  readonly keepTokens: boolean;
}
