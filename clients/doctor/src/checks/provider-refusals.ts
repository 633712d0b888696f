/** How providers refuse a client id or a redirect URI: with a standard error code, or with a page for people. */

/** What a provider refuses; `other` where its words are unknown. */
export type Refused = 'redirect_uri' | 'client_id' | 'other';

/** Standard error codes, and those of single providers: Google, Amazon Cognito, oidc-provider. */
const codes: Readonly<Record<string, Refused>> = {
  redirect_uri_mismatch: 'redirect_uri',
  redirect_mismatch: 'redirect_uri',
  invalid_redirect_uri: 'redirect_uri',
  invalid_client: 'client_id',
  deleted_client: 'client_id',
  disabled_client: 'client_id',
};

/** In this order: a page about the redirect URI often names the client too. */
const sentences: readonly (readonly [RegExp, Refused])[] = [
  [/redirect_uri_mismatch|invalid_redirect_uri/, 'redirect_uri'],
  [/AADSTS(?:50011|500113|900971)\b/, 'redirect_uri'], // Microsoft
  [/invalid web redirect ur[il]/i, 'redirect_uri'], // Apple
  [/invalid oauth2 redirect_uri|mismatching redirect uri/i, 'redirect_uri'], // Discord
  [/redirect_uri is not associated with this application/i, 'redirect_uri'], // GitHub
  [/redirect ur[il] (?:included )?is (?:not valid|invalid|not registered)/i, 'redirect_uri'], // GitLab
  [/invalid parameter: redirect_uri/i, 'redirect_uri'], // Keycloak
  [
    /redirect_uri(?:&#39;|')? parameter must be (?:a login redirect|an absolute) uri/i,
    'redirect_uri',
  ], // Okta
  [/callback url mismatch/i, 'redirect_uri'], // Auth0
  [/\b(?:invalid|deleted|disabled)_client\b/, 'client_id'],
  [/AADSTS(?:700016|700038|7000112)\b|client does not exist/, 'client_id'], // Microsoft
  [/"client_id": ?\[|unknown application/i, 'client_id'], // Discord
  [/due to unknown client/i, 'client_id'], // GitLab
  [/client not found|unknown client/i, 'client_id'], // Keycloak, Auth0
  [/invalid value for (?:&#39;|')?client_id/i, 'client_id'], // Okta
];

/** @param kind as in /api/auth/features; @param code of the provider's standard error parameter */
export function refusedBy(
  kind: string,
  status: number,
  code: string | undefined,
  text: string,
): Refused {
  const known = code !== undefined && Object.hasOwn(codes, code) ? codes[code] : undefined;
  if (known !== undefined) return known;
  const [, refused] = sentences.find(([pattern]) => pattern.test(text)) ?? [];
  if (refused !== undefined) return refused;
  // GitHub has no page for an application that it does not know.
  if (kind === 'github' && status === 404) return 'client_id';
  // Apple names no parameter; the others are the same for every client of this service.
  if (kind === 'apple' && code === 'invalid_request') return 'redirect_uri';
  return 'other';
}

/** Where the redirect URI is registered, and the client id found. */
const consoles: Readonly<Record<string, string>> = {
  google:
    'at Google Cloud console → Google Auth Platform → Clients → the client → Authorized redirect URIs',
  github: 'at GitHub → Settings → Developer settings → OAuth Apps → Authorization callback URL',
  microsoft:
    'at Microsoft Entra → App registrations → the application → Authentication → Web → Redirect URIs',
  apple:
    'at Apple Developer → Identifiers → the Services ID → Sign in with Apple → Configure → Return URLs',
  discord: 'at the Discord Developer Portal → the application → OAuth2 → Redirects',
  gitlab: 'at GitLab → Applications → the application → Redirect URI',
};

export function consoleOf(kind: string): string {
  const known = Object.hasOwn(consoles, kind) ? consoles[kind] : undefined;
  return known ?? "in the settings of this client at the provider's administration";
}
