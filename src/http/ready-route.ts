/**
 * Readiness: the database responds, is migrated and matches the schema. The route is public, so the response names only
 * parts of the schema, which this repository has, and nothing of the live database: the statements that fix it are in
 * the log.
 */
import type { RequestHandler } from 'express';
import { isReady, type DatabaseState } from '../db/readiness.js';
import { readOnly } from '../db/unavailable.js';
import { isServiceBusy } from '../event-loop.js';
import type { LimitStoreState } from '../limit-store.js';
import { withTimeout } from './with-timeout.js';
import { addLogFields, recordUnavailable } from './request-log.js';
import { sendError } from './send-error.js';

/** Probes time out after a few seconds, and treat a missing response as a hung process. */
const maxMs = 1_500;

export interface ReadyDependencies {
  /** Cached: the number of probes does not affect the number of queries. */
  readonly readState: () => Promise<DatabaseState>;
  /** Cached. Undefined where limits are counted in the database. */
  readonly readLimitState?: (() => Promise<LimitStoreState>) | undefined;
  readonly deadlineMs: number;
}

export function readyRoute(dependencies: ReadyDependencies): RequestHandler {
  const { readState, readLimitState, deadlineMs } = dependencies;
  return async function handleReady(_req, res) {
    try {
      const [state, limits] = await withTimeout(
        Promise.all([readState(), readLimitState?.()]),
        Math.min(deadlineMs, maxMs),
      );
      const checks = {
        database: state.isReadOnly ? 'read-only' : 'ok',
        migrations: state.pendingMigrations.length === 0 ? 'ok' : 'pending',
        schema: state.differences.length === 0 ? 'ok' : 'incomplete',
        // Shown, but no reason to be taken out of service: session checks do not need them.
        ...(limits && { limits: limits.isAvailable ? 'ok' : 'unavailable' }),
      };
      if (isReady(state)) {
        res.json({ status: 'ready', checks });
        return;
      }
      const { pendingMigrations, differences } = state;
      addLogFields(res, { pendingMigrations, differences });
      if (state.isReadOnly) addLogFields(res, { cause: readOnly.code, fix: readOnly.fix });
      const parts = [...new Set(differences.map(({ part }) => part))];
      sendError(res, 'NOT_READY', { checks, ...(parts.length > 0 && { parts }) });
    } catch (error) {
      recordUnavailable(res, error);
      // A process too busy to read the response knows nothing about the database, but it is not ready either.
      const database = isServiceBusy(error) ? 'unknown' : 'unavailable';
      sendError(res, 'NOT_READY', { checks: { database } });
    }
  };
}
