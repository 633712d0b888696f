/** Takes the replica for session checks from the feature that fills the slot. */
import type { SessionReplica } from '../session-replica.js';
import type { ActiveFeature, ReplicaServices } from './slots.js';

/**
 * @returns undefined where every check asks the primary
 * @throws Error if two features fill the slot
 */
export function createFeatureReplica(
  features: readonly Pick<ActiveFeature, 'createSessionReplica'>[],
  services: ReplicaServices,
): SessionReplica | undefined {
  const [create, ...others] = features.flatMap(
    ({ createSessionReplica }) => createSessionReplica ?? [],
  );
  if (others.length > 0) throw new Error('two features bring a replica');
  return create?.(services);
}
