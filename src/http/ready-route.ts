/**
 * Readiness: the database answers, is migrated, and is shaped as the schema says. Anybody may ask, so the answer names
 * parts of the schema, which stand in this repository, and nothing of what the live database has instead: the
 * statements that mend it stand in the log.
 */
import type { RequestHandler } from 'express';
import { isReady, type DatabaseState } from '../db/readiness.js';
import { readOnly } from '../db/unavailable.js';
import { isServiceBusy } from '../event-loop.js';
import { withDeadline } from './deadline.js';
import { addLogFields, noteUnavailable } from './request-log.js';
import { sendError } from './send-error.js';

/** Probes give up after a few seconds, and read no answer as a process that hangs. */
const longestMs = 1_500;

export interface ReadyDependencies {
  /** Shared between all who ask: however many do, the database is asked once in a while. */
  readonly readState: () => Promise<DatabaseState>;
  readonly deadlineMs: number;
}

export function readyRoute({ readState, deadlineMs }: ReadyDependencies): RequestHandler {
  return async function answerReady(_req, res) {
    try {
      const state = await withDeadline(readState(), Math.min(deadlineMs, longestMs));
      const checks = {
        database: state.isReadOnly ? 'read-only' : 'ok',
        migrations: state.pendingMigrations.length === 0 ? 'ok' : 'pending',
        schema: state.differences.length === 0 ? 'ok' : 'incomplete',
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
      noteUnavailable(res, error);
      // A process without time for the answer knows nothing of the database; it is not ready all the same.
      const database = isServiceBusy(error) ? 'unknown' : 'unavailable';
      sendError(res, 'NOT_READY', { checks: { database } });
    }
  };
}
