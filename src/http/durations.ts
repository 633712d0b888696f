/** Passes the durations of a request's session check to the middleware that measures them. */
import type { RecordDuration } from '../session/inspector.js';
import type { MiddlewareResponse } from './middleware.js';

/** Registers the callback that receives this request's durations. */
export function setRecordDuration(res: MiddlewareResponse, recordDuration: RecordDuration): void {
  res.locals.recordDuration = recordDuration;
}

/** The registered callback; undefined if there is none. */
export function recordDurationOf(res: MiddlewareResponse): RecordDuration | undefined {
  return res.locals.recordDuration as RecordDuration | undefined;
}
