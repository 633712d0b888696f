/** Takes the audit trail from the feature that fills the slot. */
import type { AuditTrail } from '../audit.js';
import type { Environment } from '../config/environment.js';
import { createRequestScopes } from '../request-scope.js';
import { audit } from './audit/feature.js';
import { createAuditTrail } from './audit/trail.js';
import type { ActiveFeature, AuditServices } from './slots.js';
import { createEnqueue } from './webhooks/enqueue.js';
import { endpointsFrom } from './webhooks/feature.js';

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

/**
 * For a command, which must run with an environment that the service would refuse. Its events have no client.
 * @returns undefined where none is kept
 */
export function createCommandTrail(
  { AUDIT: mode, WEBHOOK_URLS: urls }: Environment,
  services: Pick<AuditServices, 'database' | 'now' | 'logger'>,
): AuditTrail | undefined {
  if (mode === 'off') return undefined;
  const enqueue = createEnqueue(endpointsFrom(urls), services.now);
  // The running service delivers them.
  const sender = {
    async enqueue(...args: Parameters<typeof enqueue>) {
      await enqueue(...args);
    },
  };
  const days = audit.variables.AUDIT_DAYS.parse(undefined);
  return createAuditTrail(
    { days, address: 'off' },
    {
      ...services,
      count: () => undefined,
      scopes: createRequestScopes(),
      sender,
      config: { trustedOrigins: [] },
    },
  );
}
