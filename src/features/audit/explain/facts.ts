/** What is known of an account. */
import type { mailedLink } from '../../../db/schema.js';
import type { mailOutbox } from '../../tables.js';
import type { auditEvent } from '../tables.js';
import type { Change } from './changes.js';
import type { FoundSubject } from './find-subject.js';
import type { ActiveLimit } from './limits.js';
import type { LostChecks } from './lost-checks.js';
import type { Ending, LiveSession } from './sessions.js';

export type EventRow = typeof auditEvent.$inferSelect;
export type MailRow = Omit<typeof mailOutbox.$inferSelect, 'payload'>;
export type LinkRow = Pick<
  typeof mailedLink.$inferSelect,
  'purpose' | 'createdAt' | 'expiresAt' | 'usedAt' | 'replacedAt'
>;

/** Events that the trail has and the story has not. */
export interface UnreadEvents {
  readonly count: number;
  /** Whether there are more than counted. */
  readonly isAtLeast: boolean;
  /** Of the oldest event, read or counted; undefined if there is none. */
  readonly oldestAt: Date | undefined;
}

export interface Facts {
  readonly user: FoundSubject['user'];
  readonly userId: string | undefined;
  /** The newest first. */
  readonly events: readonly EventRow[];
  /** Older ones of the trail. */
  readonly unread: UnreadEvents;
  /** Events without a user, from a browser and network from which the user signed in, the newest first. */
  readonly probable: readonly EventRow[];
  /** Of all visitors. */
  readonly lostChecks: readonly LostChecks[];
  readonly hasPassword: boolean;
  /** Identity providers of the account. */
  readonly providers: readonly string[];
  readonly secondFactors: readonly string[];
  readonly sessions: readonly LiveSession[];
  /** Fingerprint of a session → how it ended. */
  readonly endings: ReadonlyMap<string, Ending>;
  /** The newest first. */
  readonly mails: readonly MailRow[];
  /** The newest first. */
  readonly links: readonly LinkRow[];
  readonly limits: readonly ActiveLimit[];
  /** Changes of what decides over sessions, the newest first. */
  readonly changes: readonly Change[];
}

/** Whether the event is a sign-in that created a session. */
export function isSignIn({ kind, outcome }: Pick<EventRow, 'kind' | 'outcome'>): boolean {
  return kind === 'sign_in' && outcome === 'success';
}

/** Also a session that replaced one, such as after a second factor. */
export function createsSession(event: Pick<EventRow, 'kind' | 'outcome'>): boolean {
  return isSignIn(event) || (event.kind === 'session_renewal' && event.outcome === 'success');
}

/** When it happened, or last happened. */
export function timeOf({ at, lastAt }: Pick<EventRow, 'at' | 'lastAt'>): Date {
  return lastAt ?? at;
}
