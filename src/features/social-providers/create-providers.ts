/** From the settings to providers that can be asked. openid-client is loaded with the first one that is. */
import type { IdentityProvider, IdentityProviders } from '../../identity-providers.js';
import type { ProviderDependencies } from './open-id-provider.js';
import type { ProviderSettings, SocialProvidersSettings } from './settings.js';

export function createIdentityProviders(
  { providers, signUp, allowedDomains, keepTokens }: SocialProvidersSettings,
  dependencies: ProviderDependencies,
): IdentityProviders {
  const list = providers.map((settings) => lazyProvider(settings, dependencies));
  return {
    list,
    find: (id) => list.find((provider) => provider.id === id),
    signUp,
    allowedDomains,
    keepTokens,
  };
}

function lazyProvider(
  settings: ProviderSettings,
  dependencies: ProviderDependencies,
): IdentityProvider {
  const { id, label, kind, redirectUri } = settings;
  let loading: Promise<IdentityProvider> | undefined;
  const loaded = () => (loading ??= load(settings, dependencies));
  return {
    id,
    label,
    kind,
    redirectUri,
    postsForm: kind === 'apple',
    authorizationUrl: async (flow, hint) => (await loaded()).authorizationUrl(flow, hint),
    finish: async (parameters, flow) => (await loaded()).finish(parameters, flow),
    check: async () => (await loaded()).check(),
  };
}

async function load(
  settings: ProviderSettings,
  dependencies: ProviderDependencies,
): Promise<IdentityProvider> {
  if ('webUrl' in settings) {
    const { createOAuthProvider } = await import('./oauth-provider.js');
    return createOAuthProvider(settings, dependencies);
  }
  const { createOpenIdProvider } = await import('./open-id-provider.js');
  return createOpenIdProvider(settings, dependencies);
}
