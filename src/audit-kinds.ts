/** What an event of the audit trail can be. The kinds are a closed list, shown in docs/features/audit.md. */

export const auditKinds = {
  sign_up: 'an account was created, or was to be',
  sign_in: 'a session was created after a sign-in, or was to be',
  session_renewal: 'a session got a new token, with a change of the password or a further proof',
  second_factor: 'a code of an authenticator app or a backup code was checked',
  step_up: 'the user of a session proved again who they are',
  sign_out: 'a session was signed out',
  session_revoke: 'a user ended sessions on other devices',
  session_check: 'a session check was refused; equal ones of an hour are one event with a count',
  password_change: 'the password was changed with the current one',
  password_verify: 'the password of the signed-in user was checked',
  password_reset_request: 'a link to reset the password was asked for',
  password_reset: 'a new password was chosen with a mailed link',
  email_verification_request: 'a mail to prove the address was asked for',
  email_verification: 'the address was proven',
  email_change_request: 'another address was asked for',
  email_change: 'the address was changed',
  email_change_undo: 'the change of the address was undone with a mailed link',
  sign_in_link_request: 'a link to sign in was asked for',
  sign_in_code_request: 'a code to sign in was asked for',
  provider_sign_in: 'a sign-in at an identity provider was started or came back',
  login_link: 'a login at a provider was linked to the account',
  login_unlink: 'a login at a provider was removed from the account',
  factor_enrolment: 'the set-up of an authenticator app was started',
  factor_add: 'an authenticator app was set up',
  factor_remove: 'second factors were removed',
  backup_codes_replace: 'backup codes were replaced',
  trusted_device_revoke: 'devices that skip the second factor were revoked',
  passkey_add: 'a passkey was added',
  passkey_rename: 'a passkey was renamed',
  passkey_remove: 'a passkey was removed',
  profile_change: 'the name, the picture or a profile field was changed',
  account_deletion_request: 'the deletion of the account was asked for, or scheduled',
  account_deletion: 'the account was deleted',
  account_restore: 'a scheduled deletion was called off by a sign-in',
  access_end: 'the owner ended all access with "That was not me"',
  link_open:
    'the page of a mailed link was opened, which neither uses the link nor proves that a person did it',
  mail: 'a mail was sent, delayed, limited, or failed for good',
  request: 'another request to this service was refused, such as one from an untrusted origin',
  user_lock: 'an operator locked a user out',
  user_unlock: 'an operator let a locked user in again',
  limits_lift: 'an operator lifted the limits of an account',
  password_set: 'an operator set a password',
  sessions_end: 'an operator ended all sessions of a user, or of everybody',
  role_grant: 'an operator granted or withdrew a role',
  user_view: 'an operator looked at the data of a user',
  user_export: 'an operator exported all data of a user',
  impersonation: 'an operator acted as a user',
  import: 'users were imported',
  deployment: 'a version of the service started for the first time',
  configuration_change: 'settings that decide over sessions differ from the last deployment',
} as const;

export type AuditKind = keyof typeof auditKinds;

/** `pending`: a further step is due. `failed`: a fault of the service or of what it depends on, not of the user. */
export type AuditOutcome = 'success' | 'pending' | 'refused' | 'failed';

export type AuditDetail = string | number | boolean | null | readonly string[];
