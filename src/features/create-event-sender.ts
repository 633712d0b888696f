/** Takes the sender of webhooks from the feature that fills the slot. */
import type { EventSender } from '../event-sender.js';
import type { ActiveFeature, EventSenderServices } from './slots.js';

/**
 * @returns undefined where no events are sent
 * @throws Error if two features fill the slot
 */
export function createFeatureEventSender(
  features: readonly Pick<ActiveFeature, 'createEventSender'>[],
  services: EventSenderServices,
): EventSender | undefined {
  const [create, ...others] = features.flatMap(({ createEventSender }) => createEventSender ?? []);
  if (others.length > 0) throw new Error('two features send events');
  return create?.(services);
}
