/**
 * Why nobody could tell: what the database did, and the setting that mends it. An outage makes a line of each request,
 * so what is long and the same each time, the stack, gets a line of its own once a minute.
 */
import { explainUnavailable } from '../db/unavailable.js';
import { isServiceBusy } from '../event-loop.js';
import { Untraced } from '../log/describe-error.js';
import type { Logger } from '../log/logger.js';

/** For the request's own line, beside the answer's `code`, which is the same for every cause. */
export interface UnavailableFields {
  readonly cause: string;
  readonly variable?: string;
  /** What was found. */
  readonly seen?: string;
  readonly fix: string;
  /** Without its stack. */
  readonly err: Error;
}

const busy = {
  code: 'SERVICE_BUSY',
  fix: 'the event loop was full: give the service more processors or instances; the database is not at fault',
};

const stackEveryMs = 60_000;

/**
 * @param now milliseconds, from whatever moment
 * @returns gives the fields, and writes the line with the stack where none of this code was written within a minute
 */
export function createUnavailableFields(
  logger: Logger,
  now = () => performance.now(),
): (error: unknown, requestId: string) => UnavailableFields {
  const told = new Map<string, { at: number; omitted: number }>();
  return function unavailableFields(error, requestId) {
    const isBusy = isServiceBusy(error);
    const { code, ...fields } = isBusy ? busy : databaseFields(error);
    const last = told.get(code);
    if (last !== undefined && now() - last.at < stackEveryMs) {
      last.omitted += 1;
    } else {
      told.set(code, { at: now(), omitted: 0 });
      const omitted = last?.omitted;
      logger.error(
        { err: error, requestId, code, ...fields, ...(omitted && { linesSinceLast: omitted }) },
        isBusy ? 'service busy' : 'database unavailable',
      );
    }
    return { cause: code, ...fields, err: new Untraced(undefined, { cause: error }) };
  };
}

function databaseFields(error: unknown) {
  const { code, message, fix } = explainUnavailable(error);
  return { code, variable: 'DATABASE_URL', seen: `DATABASE_URL ${message}`, fix };
}
