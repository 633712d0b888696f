/** What the handlers of the API have in common. */
import type { AuditEvent, AuditTrail } from '../../../audit.js';
import type { FeatureServices } from '../../slots.js';
import type { Call } from '../call.js';

export type { Handlers } from '../handlers.js';

export interface HandlerServices extends FeatureServices {
  readonly audit: AuditTrail;
}

/** What every event of an operator has. */
export function operatorEvent(
  { operator, requestId, client }: Call,
  kind: AuditEvent['kind'],
  userId: string | undefined,
  details: AuditEvent['details'] = {},
): AuditEvent {
  return {
    kind,
    outcome: 'success',
    ...(userId !== undefined && { userId }),
    actor: 'operator',
    actorId: operator.id,
    requestId,
    client,
    details: { ...details, operatorSession: operator.session },
  };
}
