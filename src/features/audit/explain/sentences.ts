/** What each kind of event is called in a story. */
import type { AuditOutcome } from '../../../audit-kinds.js';
import type { StoryKind } from './story.js';

interface Phrases {
  /** The predicate after "the user", "an operator" or "the service". */
  readonly done: string;
  /** What was refused, failed or is not finished. */
  readonly attempt: string;
  /** The predicate of an attempt that is not finished. */
  readonly pending?: string;
}

export const phrases: Readonly<Record<StoryKind, Phrases>> = {
  sign_up: { done: 'signed up', attempt: 'a sign-up' },
  sign_in: { done: 'signed in', attempt: 'a sign-in' },
  session_renewal: {
    done: 'got a new session after a change of the password',
    attempt: 'the renewal of a session',
  },
  second_factor: { done: 'proved the second factor', attempt: 'a second factor' },
  step_up: { done: 'proved again who they are', attempt: 'a step-up' },
  sign_out: { done: 'signed out', attempt: 'a sign-out' },
  session_revoke: { done: 'ended sessions on other devices', attempt: 'the end of sessions' },
  session_check: { done: 'had a session checked', attempt: 'a session check' },
  password_change: { done: 'changed the password', attempt: 'a change of the password' },
  password_verify: { done: 'entered the password again', attempt: 'a check of the password' },
  password_reset_request: {
    done: 'asked for a link to reset the password',
    attempt: 'a request for a link to reset the password',
  },
  password_reset: { done: 'chose a new password by mail', attempt: 'a reset of the password' },
  email_verification_request: {
    done: 'asked for a mail to confirm the address',
    attempt: 'a request for a mail to confirm the address',
  },
  email_verification: { done: 'confirmed the address', attempt: 'a confirmation of the address' },
  email_change_request: {
    done: 'asked to change the address',
    attempt: 'a request to change the address',
  },
  email_change: { done: 'changed the address', attempt: 'a change of the address' },
  email_change_undo: {
    done: 'undid a change of the address',
    attempt: 'the undoing of a change of the address',
  },
  sign_in_link_request: {
    done: 'asked for a link to sign in',
    attempt: 'a request for a link to sign in',
  },
  sign_in_code_request: {
    done: 'asked for a code to sign in',
    attempt: 'a request for a code to sign in',
  },
  provider_sign_in: {
    done: 'went to an identity provider, or came back from it',
    attempt: 'a sign-in at an identity provider',
  },
  login_link: { done: 'linked a login at a provider', attempt: 'the linking of a login' },
  login_unlink: { done: 'removed a login at a provider', attempt: 'the removal of a login' },
  factor_enrolment: {
    done: 'began to set up an authenticator app',
    attempt: 'the set-up of an authenticator app',
  },
  factor_add: { done: 'set up an authenticator app', attempt: 'an authenticator app' },
  factor_remove: { done: 'removed second factors', attempt: 'the removal of second factors' },
  backup_codes_replace: {
    done: 'replaced the backup codes',
    attempt: 'the replacement of backup codes',
  },
  trusted_device_revoke: {
    done: 'revoked trusted devices',
    attempt: 'the revocation of trusted devices',
  },
  passkey_add: { done: 'added a passkey', attempt: 'a new passkey' },
  passkey_rename: { done: 'renamed a passkey', attempt: 'a new name of a passkey' },
  passkey_remove: { done: 'removed a passkey', attempt: 'the removal of a passkey' },
  profile_change: { done: 'changed the profile', attempt: 'a change of the profile' },
  account_deletion_request: {
    done: 'asked to delete the account',
    attempt: 'a request to delete the account',
  },
  account_deletion: { done: 'deleted the account', attempt: 'the deletion of the account' },
  account_restore: {
    done: 'called off the deletion of the account',
    attempt: 'the restoration of the account',
  },
  access_end: {
    done: 'ended all access with "That was not me"',
    attempt: 'the end of all access',
  },
  link_open: { done: 'opened the page of a mailed link', attempt: 'the page of a mailed link' },
  mail: {
    done: 'sent a mail',
    attempt: 'a mail',
    pending: 'was not accepted yet and is sent again',
  },
  request: { done: 'sent a request', attempt: 'a request' },
  user_lock: { done: 'locked the account', attempt: 'the lock of the account' },
  user_unlock: { done: 'let the user in again', attempt: 'the end of the lock' },
  limits_lift: { done: 'lifted the limits', attempt: 'the lifting of the limits' },
  password_set: { done: 'set a password', attempt: 'a password by an operator' },
  sessions_end: { done: 'ended all sessions', attempt: 'the end of all sessions' },
  role_grant: { done: 'granted or withdrew a role', attempt: 'a change of a role' },
  user_view: { done: "looked at the user's data", attempt: "a look at the user's data" },
  user_export: { done: "exported the user's data", attempt: "an export of the user's data" },
  impersonation: { done: 'acted as the user', attempt: 'an impersonation' },
  import: { done: 'imported the user', attempt: 'the import of the user' },
  deployment: {
    done: 'started a version for the first time',
    attempt: 'the start of a version',
  },
  configuration_change: {
    done: 'started with other settings',
    attempt: 'a start with other settings',
  },
  session_end: { done: 'ended a session', attempt: 'a session ended' },
  mailed_link: { done: 'used a mailed link', attempt: 'a mailed link' },
  limit: { done: 'counted an attempt', attempt: 'a limit' },
};

const verbs: Readonly<Record<Exclude<AuditOutcome, 'success'>, string>> = {
  pending: 'is not finished',
  refused: 'was refused',
  failed: 'failed',
};

const actors: Readonly<Record<string, string>> = {
  user: 'the user',
  operator: 'an operator',
  system: 'the service',
};

/** Kinds that the service does itself, whoever caused them. */
const ofService: readonly StoryKind[] = ['deployment', 'configuration_change', 'mail'];

type Details = Readonly<Record<string, unknown>> | null;

/** @returns a clause such as `the user signed in`, or `a sign-in was refused` */
export function clauseFor(
  kind: StoryKind,
  outcome: AuditOutcome,
  actor: string,
  details: Details = null,
): string {
  const { done, attempt, pending } = phrases[kind];
  if (outcome === 'pending' && pending !== undefined) return `${attempt} ${pending}`;
  if (outcome !== 'success') return `${attempt} ${verbs[outcome]}`;
  // Not necessarily the user.
  if (kind === 'link_open') return 'the page of a mailed link was opened';
  const who = ofService.includes(kind) ? 'system' : actor;
  return `${actors[who] ?? 'the user'} ${exactly(kind, details) ?? done}`;
}

/** The predicate of kinds that stand for two things; undefined if the details do not say which. */
function exactly(kind: StoryKind, details: Details): string | undefined {
  const { granted, revoked, state } = details ?? {};
  if (kind === 'role_grant' && typeof granted === 'string') return `granted the role ${granted}`;
  if (kind === 'role_grant' && typeof revoked === 'string') return `withdrew the role ${revoked}`;
  if (kind === 'impersonation' && state === 'begin') return 'began to act as the user';
  if (kind === 'impersonation' && state === 'end') return 'stopped acting as the user';
  return undefined;
}

/** As a sentence: capital letter and full stop. */
export function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
