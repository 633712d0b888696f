/** What `npm run explain` and the console show: types only. */
import type { KeyRing } from '../../../config/secrets.js';
import type { LimitStore } from '../../../limit-store.js';
import type { AuditKind, AuditOutcome } from '../../../audit-kinds.js';
import type { DiagnosisCode } from './diagnoses.js';
import type { ExplainSettings } from './settings.js';

/** Whose story: `id` is a request id, the id of a mail, or a user's id. */
export type Subject =
  | { readonly email: string }
  /** The first 8 hex digits of the SHA-256 of a session token, as in the log. */
  | { readonly session: string }
  | { readonly id: string };

export interface ExplainOptions {
  readonly now: Date;
  /** Without it neither limits nor sign-ins with an unknown address are found. */
  readonly keyRing: KeyRing | undefined;
  readonly settings: ExplainSettings;
  readonly limits: Pick<LimitStore, 'find'>;
  /** Nothing older is part of the story; 90 days ago by default. */
  readonly since?: Date | undefined;
  /** At most this many lines; 200 by default. */
  readonly limit?: number | undefined;
}

/** Kinds of the audit trail, and those of other tables. */
export type StoryKind = AuditKind | 'session_end' | 'mailed_link' | 'limit';

export interface StoryEvent {
  readonly at: Date;
  readonly kind: StoryKind;
  readonly outcome: AuditOutcome;
  readonly reason: string | null;
  readonly sentence: string;
  /** What to change, by the name of the setting; null if there is nothing to change. */
  readonly fix: string | null;
}

export interface Diagnosis {
  readonly code: DiagnosisCode;
  readonly sentence: string;
  readonly fix: string;
}

interface StoryUser {
  readonly id: string;
  readonly email: string;
}

/** What the story leaves out. */
export interface OlderEvents {
  readonly count: number;
  /** Whether there are more than counted. */
  readonly isAtLeast: boolean;
  /** The limit that a story with them needs; null if the limit is no obstacle, or the highest already. */
  readonly limit: number | null;
  /** The days back that a story with them needs; null if the default is enough, and in use. */
  readonly days: number | null;
}

export interface Story {
  /** Null if there is no such account (any more). */
  readonly user: StoryUser | null;
  /** The newest first. */
  readonly events: readonly StoryEvent[];
  readonly diagnosis: Diagnosis;
  /** Null if the story has everything. */
  readonly older: OlderEvents | null;
}
