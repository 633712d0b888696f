/** What each route of the API does. Loaded with the first call. */
import type { FeatureServices } from '../../slots.js';
import type { AdminSettings } from '../feature.js';
import { createEventLists } from './event-lists.js';
import { createExport } from './export-user.js';
import { createUserSearch } from './find-users.js';
import type { Handlers, HandlerServices } from './handler.js';
import { createImpersonation } from './impersonate.js';
import { createStories } from './stories.js';
import { createUserActions } from './user-actions.js';
import { createUserView } from './user-view.js';

export function createHandlers(settings: AdminSettings, services: FeatureServices): Handlers {
  const { audit } = services;
  // The configuration refuses ADMIN=on without it.
  if (audit === undefined) throw new Error('administration needs the audit trail');
  const withTrail: HandlerServices = { ...services, audit };
  return {
    ...createUserSearch(withTrail),
    ...createUserView(withTrail),
    ...createStories(withTrail),
    ...createEventLists(withTrail),
    ...createUserActions(withTrail),
    ...createExport(withTrail),
    ...createImpersonation(settings, withTrail),
  };
}
