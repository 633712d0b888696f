/** Why a session ended, for its user. Loaded when one has. */
import { translate } from '@docusaurus/Translate';

const expired = () =>
  translate({
    id: 'theme.auth.session.expired',
    message: 'Your session has ended. Sign in again.',
    description: 'If the session expired',
  });
const endedElsewhere = () =>
  translate({
    id: 'theme.auth.session.endedElsewhere',
    message: 'You were signed out elsewhere. Sign in again.',
    description: 'If the session was ended from another device',
  });
const noAccount = () =>
  translate({
    id: 'theme.auth.session.noAccount',
    message: 'This account no longer exists.',
    description: 'If the account was deleted',
  });
const passwordChanged = () =>
  translate({
    id: 'theme.auth.session.passwordChanged',
    message: 'Your password was changed. Sign in with the new one.',
    description: 'If a new password ended the session',
  });

/** By the reason of the service. Older ones know only `session_expired` and `session_not_found`. */
const notices: Readonly<Record<string, () => string>> = {
  session_idle: expired,
  session_absolute: expired,
  session_expired: expired,
  session_not_found: endedElsewhere,
  session_revoked: endedElsewhere,
  session_ended_by_password_change: passwordChanged,
  session_ended_by_reset: passwordChanged,
  user_not_found: noAccount,
  session_signed_out: () =>
    translate({
      id: 'theme.auth.session.signedOut',
      message: 'You signed out.',
      description: 'If the visitor signed out in another tab or window',
    }),
  session_replaced: () =>
    translate({
      id: 'theme.auth.session.replaced',
      message: 'A newer sign-in has replaced this one. Sign in again.',
      description: 'If the page sent the cookie or token of an earlier sign-in',
    }),
  session_ended_by_operator: () =>
    translate({
      id: 'theme.auth.session.endedByOperator',
      message: 'An administrator ended your session. Sign in again.',
      description: 'If an operator of the service ended the session',
    }),
  user_locked: () =>
    translate({
      id: 'theme.auth.session.locked',
      message: 'An administrator has locked your account.',
      description: 'If an operator of the service locked the account',
    }),
  user_deleted: () =>
    translate({
      id: 'theme.auth.session.accountDeleted',
      message: 'This account was deleted, or will be deleted soon.',
      description: 'If the account was deleted, or its deletion was scheduled',
    }),
};

/** Undefined for any other reason. */
export function endedNotice(reason: string): string | undefined {
  return notices[reason]?.();
}
