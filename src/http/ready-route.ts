/** Readiness: the database answers, is migrated, and has every table and column. */
import type { RequestHandler } from 'express';
import { isReady, type DatabaseState } from '../db/readiness.js';
import type { Logger } from '../log/logger.js';
import { withDeadline } from './deadline.js';
import { requestIdOf } from './request-id.js';
import { sendError } from './send-error.js';

export interface ReadyDependencies {
  readonly readState: () => Promise<DatabaseState>;
  readonly logger: Logger;
  readonly deadlineMs: number;
}

export function readyRoute({ readState, logger, deadlineMs }: ReadyDependencies): RequestHandler {
  const readShared = sharedFor(1_000, () => withDeadline(readState(), deadlineMs));

  return async function answerReady(_req, res) {
    try {
      const state = await readShared();
      const checks = {
        database: 'ok',
        migrations: state.pendingMigrations.length === 0 ? 'ok' : 'pending',
        schema: state.missing.length === 0 ? 'ok' : 'incomplete',
      };
      if (isReady(state)) res.json({ status: 'ready', checks });
      else sendError(res, 'NOT_READY', { checks });
    } catch (error) {
      logger.error({ err: error, requestId: requestIdOf(res) }, 'database unavailable');
      sendError(res, 'NOT_READY', { checks: { database: 'unavailable' } });
    }
  };
}

/** Anybody may call `/ready`: however many do, the database is asked once in `milliseconds`. */
function sharedFor<T>(milliseconds: number, read: () => Promise<T>): () => Promise<T> {
  let latest: Promise<T> | undefined;
  let askedAt = -Infinity;
  return () => {
    if (latest === undefined || performance.now() - askedAt > milliseconds) {
      askedAt = performance.now();
      latest = read();
    }
    return latest;
  };
}
