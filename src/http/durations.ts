/** Passes the durations of a request's session check to the middleware that measures them. */
import type { Response } from 'express';
import type { RecordDuration } from '../session/inspector.js';

/** Registers the callback that receives this request's durations. */
export function setRecordDuration(res: Response, recordDuration: RecordDuration): void {
  res.locals.recordDuration = recordDuration;
}

/** The registered callback; undefined if there is none. */
export function recordDurationOf(res: Response): RecordDuration | undefined {
  return res.locals.recordDuration as RecordDuration | undefined;
}
