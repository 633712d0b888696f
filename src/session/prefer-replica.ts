/**
 * Checks sessions on a replica of the database. Only "signed in" is taken from it: whatever else it says may be old, so the
 * primary decides. So it does where another credential comes first, which the primary may know to be signed in.
 */
import type { InspectSession, RecordDuration } from './inspector.js';

export function preferReplica(
  onReplica: InspectSession,
  onPrimary: InspectSession,
): InspectSession {
  return async function inspectSession(headers, recordDuration) {
    const record = recordDuration && sumDurations(recordDuration);
    const verdict = await onReplica(headers, record);
    return verdict.signedIn && verdict.isFirst ? verdict : onPrimary(headers, record);
  };
}

/** Records the sum of what each part has taken so far. */
function sumDurations(record: RecordDuration): RecordDuration {
  const sums = { verify: 0, query: 0, total: 0 };
  return (part, milliseconds) => {
    sums[part] += milliseconds;
    record(part, sums[part]);
  };
}
