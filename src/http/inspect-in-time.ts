/** A verdict within a time: where none comes, or the inspection fails, nobody can tell. */
import { isServiceBusy } from '../event-loop.js';
import type { CredentialHeaders } from '../session/credential.js';
import type { InspectSession, TellTime, Verdict } from '../session/inspector.js';
import { withDeadline } from './deadline.js';

/** Never rejects: the error stands in the verdict, for the log. */
export function inspectInTime(
  inspect: InspectSession,
  headers: CredentialHeaders,
  milliseconds: number,
  tellTime?: TellTime,
): Promise<Verdict> {
  return withDeadline(inspect(headers, tellTime), milliseconds).catch(
    (error: unknown): Verdict => ({
      reason: isServiceBusy(error) ? 'service_busy' : 'database_unavailable',
      hint: '',
      error,
    }),
  );
}
