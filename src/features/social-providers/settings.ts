/** The settings of one provider, as they follow from the variables. */
import { providerKinds, type ProviderKind } from '../../identity-providers.js';

interface CommonSettings {
  readonly id: string;
  readonly label: string;
  readonly clientId: string;
  /** The URL to register with the provider. */
  readonly redirectUri: string;
}

/** Google, Microsoft, GitLab and any other OpenID provider. */
export interface OpenIdSettings extends CommonSettings {
  readonly kind: Exclude<ProviderKind, 'github' | 'discord' | 'apple'>;
  readonly issuer: string;
  readonly clientSecret: string;
}

/** Apple's client secret is a JSON Web Token that this service signs. */
export interface AppleSettings extends CommonSettings {
  readonly kind: 'apple';
  readonly issuer: string;
  readonly teamId: string;
  readonly keyId: string;
  /** PKCS#8 in PEM. */
  readonly privateKey: string;
}

/** Providers with OAuth 2.0 and an API of their own instead of OpenID Connect. */
export interface OAuthSettings extends CommonSettings {
  readonly kind: 'github' | 'discord';
  readonly clientSecret: string;
  /** Where its pages are, and its API. */
  readonly webUrl: string;
  readonly apiUrl: string;
}

export type ProviderSettings = OpenIdSettings | AppleSettings | OAuthSettings;

export interface SocialProvidersSettings {
  readonly providers: readonly ProviderSettings[];
  readonly signUp: boolean;
  /** In lower case; undefined: any. */
  readonly allowedDomains: readonly string[] | undefined;
  readonly keepTokens: boolean;
}

/** The providers with variables of their own. */
export const builtInProviders = providerKinds.filter((kind) => kind !== 'oidc');
