/** Which events are sent, and under which name: a closed list, because receivers depend on the names. */
import type { AuditDetail, AuditKind } from '../../audit-kinds.js';

/** Kind of a successful event → the `type` of the webhook. */
export const eventTypes: Readonly<Partial<Record<AuditKind, string>>> = {
  sign_up: 'user.created',
  // A receiver that mirrors users must learn of these as well; `actor` and `details.source` tell them apart.
  import: 'user.created',
  profile_change: 'user.updated',
  email_verification: 'user.email_verified',
  email_change: 'user.email_changed',
  email_change_undo: 'user.email_change_undone',
  account_deletion_request: 'user.deletion_requested',
  account_restore: 'user.restored',
  account_deletion: 'user.deleted',
  user_lock: 'user.locked',
  user_unlock: 'user.unlocked',
  role_grant: 'user.role_changed',
  sign_in: 'session.created',
  sign_out: 'session.ended',
  session_revoke: 'session.revoked',
  sessions_end: 'session.all_ended',
  access_end: 'session.all_ended_by_owner',
  impersonation: 'session.impersonated',
  password_change: 'password.changed',
  password_reset: 'password.reset',
  password_set: 'password.set_by_operator',
  factor_add: 'factor.added',
  factor_remove: 'factor.removed',
  passkey_add: 'passkey.added',
  passkey_remove: 'passkey.removed',
  login_link: 'login.linked',
  login_unlink: 'login.unlinked',
};

/** The body of a webhook, as Standard Webhooks recommends it. */
// A type, not an interface: JSON columns take any.
export type WebhookPayload = {
  readonly type: string;
  /** When it happened; ISO 8601. */
  readonly timestamp: string;
  readonly data: {
    readonly userId: string | null;
    readonly requestId: string | null;
    /** `user`, `operator` or `system`. */
    readonly actor: string;
    readonly details: Readonly<Record<string, AuditDetail>>;
  };
};
