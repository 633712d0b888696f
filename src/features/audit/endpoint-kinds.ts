/** The kind of event that each endpoint of `/api/auth` makes. */
import type { AuditKind } from '../../audit-kinds.js';

/**
 * Path below `/api/auth` → kind. An endpoint that is missing makes an event only when it refuses or fails (`request`);
 * tests/features/audit/endpoint-kinds.test.ts names those.
 */
export const endpointKinds: Readonly<Record<string, AuditKind>> = {
  '/sign-up/email': 'sign_up',
  '/sign-in/email': 'sign_in',
  '/sign-in/email-otp': 'sign_in',
  '/magic-link/verify': 'sign_in',
  '/passkey/verify-authentication': 'sign_in',
  '/redirect/redeem': 'sign_in',
  '/redirect/confirm': 'sign_in',
  '/redirect/finish': 'sign_in',
  '/sign-in/social': 'provider_sign_in',
  '/redirect/start': 'provider_sign_in',
  '/callback/:id': 'provider_sign_in',
  '/link-social': 'provider_sign_in',
  '/sign-in/magic-link': 'sign_in_link_request',
  '/email-otp/send-verification-otp': 'sign_in_code_request',
  '/two-factor/verify-totp': 'second_factor',
  '/two-factor/verify-backup-code': 'second_factor',
  '/two-factor/enable': 'factor_enrolment',
  '/two-factor/disable': 'factor_remove',
  '/two-factor/generate-backup-codes': 'backup_codes_replace',
  '/two-factor/revoke-trusted-device': 'trusted_device_revoke',
  '/two-factor/revoke-trusted-devices': 'trusted_device_revoke',
  '/step-up': 'step_up',
  '/sign-out': 'sign_out',
  '/revoke-session': 'session_revoke',
  '/revoke-sessions': 'session_revoke',
  '/revoke-other-sessions': 'session_revoke',
  '/change-password': 'password_change',
  '/verify-password': 'password_verify',
  '/request-password-reset': 'password_reset_request',
  '/reset-password': 'password_reset',
  '/send-verification-email': 'email_verification_request',
  '/verify-email': 'email_verification',
  '/change-email': 'email_change_request',
  '/change-email/verify': 'email_change',
  '/change-email/undo': 'email_change_undo',
  '/delete-user': 'account_deletion_request',
  '/delete-user/verify': 'account_deletion',
  '/unlink-account': 'login_unlink',
  '/passkey/verify-registration': 'passkey_add',
  '/passkey/update-passkey': 'passkey_rename',
  '/passkey/delete-passkey': 'passkey_remove',
  '/update-user': 'profile_change',
  '/security-notices/not-me': 'access_end',
};

/** Endpoints that change nothing when they succeed. The success of all others is recorded with the change itself. */
export const changesNothing: ReadonlySet<string> = new Set([
  '/sign-in/social',
  '/redirect/start',
  '/callback/:id',
  '/link-social',
  '/sign-in/magic-link',
  '/email-otp/send-verification-otp',
  '/request-password-reset',
  '/send-verification-email',
  '/verify-password',
]);

/** Endpoints that a browser visits, with a GET. */
export const visited: ReadonlySet<string> = new Set([
  '/redirect/start',
  '/callback/:id',
  '/redirect/finish',
]);
