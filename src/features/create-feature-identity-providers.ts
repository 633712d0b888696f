/** Takes the identity providers from the feature that fills the slot. */
import type { IdentityProviders } from '../identity-providers.js';
import type { ActiveFeature } from './slots.js';

/**
 * @returns undefined where no provider is configured
 * @throws Error if two features fill the slot
 */
export function createFeatureIdentityProviders(
  features: readonly Pick<ActiveFeature, 'createIdentityProviders'>[],
  now: () => Date,
): IdentityProviders | undefined {
  const [create, ...others] = features.flatMap(
    ({ createIdentityProviders }) => createIdentityProviders ?? [],
  );
  if (others.length > 0) throw new Error('two features create identity providers');
  return create?.({ now });
}
