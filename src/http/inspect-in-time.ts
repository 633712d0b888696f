/** A verdict within a time: where none comes, or the inspection fails, nobody can tell. */
import { isServiceBusy } from '../event-loop.js';
import type { CredentialHeaders } from '../session/credential.js';
import type { InspectSession, RecordDuration, Verdict } from '../session/inspector.js';
import { withDeadline } from './deadline.js';

/** Never rejects: the error stands in the verdict, for the log. */
export function inspectInTime(
  inspect: InspectSession,
  headers: CredentialHeaders,
  milliseconds: number,
  recordDuration?: RecordDuration,
): Promise<Verdict> {
  return withDeadline(inspect(headers, recordDuration), milliseconds).catch(
    (error: unknown): Verdict => ({
      reason: isServiceBusy(error) ? 'service_busy' : 'database_unavailable',
      hint: '',
      error,
    }),
  );
}
