/** What each route of the API does. Loaded with the first call. */
import type { AuditEvent, AuditTrail } from '../../../audit.js';
import type { FeatureServices } from '../../slots.js';
import type { ApiRouteName } from '../api-routes.js';
import type { Call } from '../call.js';
import type { AdminSettings } from '../feature.js';
import { createEventLists } from './event-lists.js';
import { createExport } from './export-user.js';
import { createUserSearch } from './find-users.js';
import { createUserActions } from './user-actions.js';
import { createUserView } from './user-view.js';

export type Handler = (call: Call) => Promise<object>;

export type Handlers = Readonly<Record<ApiRouteName, Handler>>;

export interface HandlerServices extends FeatureServices {
  readonly audit: AuditTrail;
}

export function createHandlers(_settings: AdminSettings, services: FeatureServices): Handlers {
  const { audit } = services;
  // The configuration refuses ADMIN=on without it.
  if (audit === undefined) throw new Error('administration needs the audit trail');
  const withTrail: HandlerServices = { ...services, audit };
  return {
    ...createUserSearch(withTrail),
    ...createUserView(withTrail),
    ...createEventLists(withTrail),
    ...createUserActions(withTrail),
    ...createExport(withTrail),
  };
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
