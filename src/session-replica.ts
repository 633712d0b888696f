/** A copy of the database that finds sessions for checks. What it does not find, the primary is asked for. */
import type { FindSession } from './db/session-store.js';

export interface SessionReplica {
  /** Whether a check should ask it now. */
  readonly isUsable: () => boolean;
  /**
   * Never rejects. Undefined also for a session that it may know in a state that is too old, and while it is unavailable:
   * only what it finds counts.
   */
  readonly findSession: FindSession;
  close(): Promise<void>;
}
