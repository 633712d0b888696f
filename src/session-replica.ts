/** A copy of the database that finds sessions for checks. What it does not find, the primary is asked for. */
import type { FindSession } from './db/session-store.js';

export interface SessionReplica {
  /**
   * Never rejects. Undefined also for a session that it may know in a state that is too old, and while it is unavailable or
   * left alone: only what it finds counts, and only at once.
   */
  readonly findSession: FindSession;
  close(): Promise<void>;
}
