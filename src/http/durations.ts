/** Passes the durations of a request's session check to a middleware that asked for them. */
import type { Response } from 'express';
import type { RecordDuration } from '../session/inspector.js';

/** Makes the session check of this request report its durations. */
export function setRecordDuration(res: Response, recordDuration: RecordDuration): void {
  res.locals.recordDuration = recordDuration;
}

/** Where this request's durations are reported; undefined where no middleware asked. */
export function recordDurationOf(res: Response): RecordDuration | undefined {
  return res.locals.recordDuration as RecordDuration | undefined;
}
