/** Brings Dev ID to `npm run dev`, as any OpenID provider: by `OIDC_DEV_…`. */
import type { DevPart } from '../dev-part.js';

/** @returns undefined where the environment has a provider of this name */
export async function startDevPart(
  env: Readonly<Record<string, string | undefined>>,
): Promise<DevPart | undefined> {
  if (env.OIDC_DEV_ISSUER !== undefined) return undefined;
  const { startDevIdentityProvider } = await import('./dev-identity-provider.js');
  const baseUrl = env.BETTER_AUTH_URL ?? '';
  const provider = await startDevIdentityProvider(`${baseUrl}/api/auth/callback/dev`);
  return {
    environment: {
      OIDC_DEV_ISSUER: provider.issuer,
      OIDC_DEV_CLIENT_ID: provider.clientId,
      OIDC_DEV_CLIENT_SECRET: provider.clientSecret,
      OIDC_DEV_LABEL: 'Dev ID',
    },
    commands: devIdCommands(baseUrl),
    stop: () => provider.stop(),
  };
}

/** The redirect flow without a browser: start, the provider, and the code of the fragment redeemed. */
function devIdCommands(baseUrl: string): string {
  const start = `${baseUrl}/api/auth/redirect/start?provider=dev&return_to=${baseUrl}/confirm`;
  return `Sign in with Dev ID, an identity provider on this machine:

  verifier=$(openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\\n')
  challenge=$(printf %s "$verifier" | openssl dgst -sha256 -binary | openssl base64 | tr '+/' '-_' | tr -d '=')
  code=$(curl -sL -c dev -b dev -o /dev/null -w '%{url_effective}' "${start}&code_challenge=$challenge&login_hint=grace@example.com" | sed -n 's/.*auth_code=//p')
  printf '{"code":"%s","code_verifier":"%s"}' "$code" "$verifier" | curl -s -c jar -b jar -H 'origin: ${baseUrl}' -H 'content-type: application/json' -d @- ${baseUrl}/api/auth/redirect/redeem
`;
}
