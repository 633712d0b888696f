/** How a session ended: remembered for as long as its cookie could live, so that a check of the cookie can say it. */

import type { EndReason } from './reasons.js';

export interface SessionEnd {
  readonly reason: EndReason;
  readonly at: Date;
  /** The browser of the request that ended the session, like `Firefox on Linux`; undefined if no request did. */
  readonly device?: string | undefined;
  /** Fingerprint of the session whose request did, for the log. */
  readonly bySession?: string | undefined;
}

/** Finds how the session with this token ended; undefined if no such session has ended here. */
export type FindEnding = (token: string) => Promise<SessionEnd | undefined>;
