/** The reads of a session check, repeated once if their connection was lost. */
import type { InspectorDependencies } from '../session/inspector.js';
import type { Orm } from './client.js';
import { retryRead } from './retry-read.js';
import { createFindEnding } from './session-endings.js';
import { createSessionStore, type SessionStoreOptions } from './session-store.js';

export function createSessionReads(
  orm: Orm,
  options: SessionStoreOptions,
): Pick<InspectorDependencies, 'findSession' | 'findEnding'> {
  return {
    findSession: retryRead(createSessionStore(orm, options)),
    findEnding: retryRead(createFindEnding(orm)),
  };
}
