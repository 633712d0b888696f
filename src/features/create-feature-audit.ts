/** Takes the audit trail from the feature that fills the slot. */
import type { AuditTrail } from '../audit.js';
import type { ActiveFeature, AuditServices } from './slots.js';

/**
 * @returns undefined where none is kept
 * @throws Error if two features fill the slot
 */
export function createFeatureAudit(
  features: readonly Pick<ActiveFeature, 'createAuditTrail'>[],
  services: AuditServices,
): AuditTrail | undefined {
  const [create, ...others] = features.flatMap(({ createAuditTrail }) => createAuditTrail ?? []);
  if (others.length > 0) throw new Error('two features keep an audit trail');
  return create?.(services);
}
