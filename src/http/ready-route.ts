/**
 * Readiness: the database answers, is migrated, and is shaped as the schema says. Anybody may ask, so the answer names
 * parts of the schema, which stand in this repository, and nothing of what the live database has instead: the
 * statements that mend it stand in the log.
 */
import type { RequestHandler } from 'express';
import { isReady, type DatabaseState } from '../db/readiness.js';
import type { Logger } from '../log/logger.js';
import { tellUnavailable } from '../log/tell-unavailable.js';
import { withDeadline } from './deadline.js';
import { requestIdOf } from './request-id.js';
import { addLogFields } from './request-log.js';
import { sendError } from './send-error.js';

export interface ReadyDependencies {
  /** Shared between all who ask: however many do, the database is asked once in a while. */
  readonly readState: () => Promise<DatabaseState>;
  readonly logger: Logger;
  readonly deadlineMs: number;
}

export function readyRoute({ readState, logger, deadlineMs }: ReadyDependencies): RequestHandler {
  return async function answerReady(_req, res) {
    try {
      const state = await withDeadline(readState(), deadlineMs);
      const checks = {
        database: 'ok',
        migrations: state.pendingMigrations.length === 0 ? 'ok' : 'pending',
        schema: state.differences.length === 0 ? 'ok' : 'incomplete',
      };
      if (isReady(state)) {
        res.json({ status: 'ready', checks });
        return;
      }
      const { pendingMigrations, differences } = state;
      addLogFields(res, { pendingMigrations, differences });
      const parts = [...new Set(differences.map(({ part }) => part))];
      sendError(res, 'NOT_READY', { checks, ...(parts.length > 0 && { parts }) });
    } catch (error) {
      tellUnavailable(logger, error, requestIdOf(res));
      sendError(res, 'NOT_READY', { checks: { database: 'unavailable' } });
    }
  };
}
