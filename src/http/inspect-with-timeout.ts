/** Inspects a session with a timeout. A timeout or a failed inspection gives an "unavailable" verdict. */
import { isServiceBusy } from '../event-loop.js';
import type { CredentialHeaders } from '../session/credential.js';
import type { InspectSession, RecordDuration, Verdict } from '../session/inspector.js';
import { withTimeout } from './with-timeout.js';

/** Never rejects: the verdict holds the error, for the log. */
export function inspectWithTimeout(
  inspect: InspectSession,
  headers: CredentialHeaders,
  milliseconds: number,
  recordDuration?: RecordDuration,
): Promise<Verdict> {
  return withTimeout(inspect(headers, recordDuration), milliseconds).catch(
    (error: unknown): Verdict => ({
      signedIn: false,
      reason: isServiceBusy(error) ? 'service_busy' : 'database_unavailable',
      hint: '',
      error,
    }),
  );
}
