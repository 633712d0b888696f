/**
 * Explains an outage in the log: what the database did and the setting that fixes it. During an outage every request logs
 * a line, so the stack, which is long and always the same, is logged separately once a minute.
 */
import { explainUnavailable } from '../db/unavailable.js';
import { isServiceBusy } from '../event-loop.js';
import { findLimitsUnavailable } from '../limit-store.js';
import { Untraced } from '../log/describe-error.js';
import type { Logger } from '../log/logger.js';
import { throttleLines } from '../log/throttle-lines.js';

/** For the request's log line, in addition to the response's `code`, which is the same for every cause. */
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
  fix: 'the event loop was saturated: give the service more processors or instances; the database is not the cause',
};

/**
 * @param now a monotonic clock in milliseconds
 * @returns a function that returns the fields, and logs the stack unless it did so for this code in the last minute
 */
export function createUnavailableFields(
  logger: Logger,
  now = () => performance.now(),
): (error: unknown, requestId: string) => UnavailableFields {
  const omittedStacks = throttleLines(now);
  return function unavailableFields(error, requestId) {
    const isBusy = isServiceBusy(error);
    const ofLimits = limitsFields(error);
    const { code, ...fields } = isBusy ? busy : (ofLimits ?? databaseFields(error));
    const omitted = omittedStacks(code);
    if (omitted !== undefined) {
      logger.error(
        { err: error, requestId, code, ...fields, ...(omitted > 0 && { linesSinceLast: omitted }) },
        isBusy ? 'service busy' : `${ofLimits ? 'limits' : 'database'} unavailable`,
      );
    }
    return { cause: code, ...fields, err: new Untraced(undefined, { cause: error }) };
  };
}

function limitsFields(error: unknown) {
  const found = findLimitsUnavailable(error);
  return (
    found && { code: found.code, variable: found.variable, seen: found.message, fix: found.fix }
  );
}

function databaseFields(error: unknown) {
  const { code, message, fix } = explainUnavailable(error);
  return { code, variable: 'DATABASE_URL', seen: `DATABASE_URL ${message}`, fix };
}
