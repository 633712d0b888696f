/** The message for each failure code, in one table. Those about a misconfiguration are in `setup-messages.ts`. */
import { translate } from '@docusaurus/Translate';
import type { ClientCode, AuthFailure, CallContext } from './auth-failure.js';
import { linkMessages } from './link-messages.js';
import {
  blockedByPolicy,
  mixedContent,
  noApiTokens,
  notTheService,
  originHidden,
  originRefused,
  unreadable,
} from './setup-messages.js';

type MessageFor = (failure: AuthFailure, callContext: CallContext) => string;

const signInAgain = () =>
  translate({
    id: 'theme.auth.fault.notSignedIn',
    message: 'You are no longer signed in. Sign in again.',
    description: 'If an action needs a session and it has ended',
  });
const emailTaken = () =>
  translate({
    id: 'theme.auth.fault.emailTaken',
    message: 'There is already an account with this e-mail address. Sign in with it instead.',
    description: 'The error below the e-mail address of a sign-up',
  });
const notFresh = () =>
  translate({
    id: 'theme.auth.fault.notFresh',
    message: 'You signed in too long ago for this. Sign in again first.',
    description: 'If an action needs a sign-in within the last day',
  });
const unavailable: MessageFor = ({ retryAfterSeconds }) => {
  if (retryAfterSeconds === undefined) {
    return translate({
      id: 'theme.auth.fault.unavailable',
      message: 'The sign-in service cannot answer right now. Try again shortly.',
      description: 'If the service is unavailable',
    });
  }
  return translate(
    {
      id: 'theme.auth.fault.unavailableFor',
      message: 'The sign-in service cannot answer right now. Try again in {time}.',
      description: 'If the service is unavailable; the time is "9 seconds"',
    },
    { time: formatSeconds(retryAfterSeconds) },
  );
};
const tooManyRequests: MessageFor = ({ retryAfterSeconds }) => {
  if (retryAfterSeconds === undefined) {
    return translate({
      id: 'theme.auth.fault.tooMany',
      message: 'Too many attempts. Wait a moment, then try again.',
      description: 'If the rate limit is exceeded',
    });
  }
  return translate(
    {
      id: 'theme.auth.fault.tooManyFor',
      message: 'Too many attempts. Wait {time}, then try again.',
      description: 'If the rate limit is exceeded; the time is "9 seconds"',
    },
    { time: formatSeconds(retryAfterSeconds) },
  );
};
const signInBusy: MessageFor = ({ retryAfterSeconds }) => {
  if (retryAfterSeconds === undefined) {
    return translate({
      id: 'theme.auth.fault.busy',
      message: 'Many people are signing in right now. Try again in a few seconds.',
      description: 'If the service is overloaded',
    });
  }
  return translate(
    {
      id: 'theme.auth.fault.busyFor',
      message: 'Many people are signing in right now. Try again in {time}.',
      description: 'If the service is overloaded; the time is "9 seconds"',
    },
    { time: formatSeconds(retryAfterSeconds) },
  );
};

const messages: Readonly<Record<string, MessageFor>> = {
  INVALID_EMAIL_OR_PASSWORD: () =>
    translate({
      id: 'theme.auth.fault.wrongCredentials',
      message: 'The e-mail address or the password is wrong.',
      description: 'After a failed sign-in. It must not reveal which of the two is wrong',
    }),
  INVALID_EMAIL: () =>
    translate({
      id: 'theme.auth.fault.noEmail',
      message: 'This is not an e-mail address.',
      description: 'The error below an e-mail address that the service refuses',
    }),
  INVALID_PASSWORD: () =>
    translate({
      id: 'theme.auth.fault.wrongPassword',
      message: 'The current password is wrong.',
      description: 'The error below the current password',
    }),
  USER_ALREADY_EXISTS: emailTaken,
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: emailTaken,
  PASSWORD_TOO_SHORT: () =>
    translate({
      id: 'theme.auth.fault.passwordTooShort',
      message: 'This password is too short. A few unrelated words make a good one.',
      description: 'The error below a new password that the service refuses',
    }),
  PASSWORD_TOO_LONG: () =>
    translate({
      id: 'theme.auth.fault.passwordTooLong',
      message: 'This password is too long.',
      description: 'The error below a new password that the service refuses',
    }),
  PASSWORD_TOO_COMMON: ({ reason }) =>
    reason === 'context_word'
      ? translate({
          id: 'theme.auth.fault.passwordContextWord',
          message:
            'This password is little more than the name of this site, your name or your e-mail address. Choose another.',
          description: 'The error below a new password that the service refuses',
        })
      : translate({
          id: 'theme.auth.fault.passwordTooCommon',
          message: 'This password is too common. Choose another.',
          description: 'The error below a new password that the service refuses',
        }),
  PASSWORD_BREACHED: () =>
    translate({
      id: 'theme.auth.fault.passwordBreached',
      message: 'This password is known from a data breach. Choose another.',
      description: 'The error below a new password that the service refuses',
    }),
  EMAIL_NOT_VERIFIED: () =>
    translate({
      id: 'theme.auth.fault.emailNotVerified',
      message:
        'Your e-mail address is not confirmed yet. Open the link in the mail that you received, or ask for a new one.',
      description: 'After a sign-in with the right password, before the address was confirmed',
    }),
  ...linkMessages,
  TOO_MANY_REQUESTS: tooManyRequests,
  UNAUTHORIZED: signInAgain,
  NOT_SIGNED_IN: signInAgain,
  SESSION_NOT_ENDED: () =>
    translate({
      id: 'theme.auth.fault.notEnded',
      message:
        'The service could not end your session, so it may still be valid elsewhere. Sign in again and sign out once more, or end it from another device.',
      description: 'After a sign-out that did not end the session',
    }),
  SESSION_NOT_FRESH: notFresh,
  SESSION_EXPIRED: notFresh,
  INVALID_ORIGIN: originRefused,
  MISSING_OR_NULL_ORIGIN: originHidden,
  DATABASE_UNAVAILABLE: unavailable,
  SERVICE_BUSY: unavailable,
  SIGN_IN_BUSY: signInBusy,
  INTERNAL_ERROR: unavailable,
  SERVICE_UNAVAILABLE: unavailable,
  SERVICE_UNREACHABLE: () =>
    translate({
      id: 'theme.auth.fault.unreachable',
      message: 'The sign-in service cannot be reached. Check the connection, or try again shortly.',
      description: 'If the service does not respond at all',
    }),
  SERVICE_TIMEOUT: () =>
    translate({
      id: 'theme.auth.fault.timeout',
      message:
        'The sign-in service did not answer in time, so it is not known whether this was done. Try again.',
      description: 'After an action that timed out',
    }),
  ANSWER_UNEXPECTED: () =>
    translate({
      id: 'theme.auth.fault.unexpected',
      message:
        'The sign-in service answered something unexpected, so it is not known whether this was done. Reload the page to check.',
      description: 'After an action with an unexpected response',
    }),
  NOT_THE_SERVICE: notTheService,
  MIXED_CONTENT: mixedContent,
  CSP_REFUSED: (_failure, { authUrl }) => blockedByPolicy(authUrl),
  CORS_REFUSED: originRefused,
  ANSWER_UNREADABLE: unreadable,
  NO_API_TOKENS: noApiTokens,
} satisfies Record<ClientCode, MessageFor> & Record<string, MessageFor>;

/**
 * For the visitor, in one sentence. A code that is not in the table gets the service's own message, such as `INVALID_FIELD`,
 * whose message names the field and its limit.
 */
export function messageFor(failure: AuthFailure, callContext: CallContext): string {
  const known = Object.hasOwn(messages, failure.code) ? messages[failure.code] : undefined;
  if (known) return known(failure, callContext);
  if (failure.httpStatus >= 500) return unavailable(failure, callContext);
  if (failure.message !== undefined) return failure.message;
  return translate(
    {
      id: 'theme.auth.fault.refused',
      message: 'The sign-in service refused this ({code}).',
      description: 'If the service sent an unknown code and no message',
    },
    { code: failure.code },
  );
}

function formatSeconds(count: number): string {
  return count === 1
    ? translate({
        id: 'theme.auth.oneSecond',
        message: '1 second',
        description: 'A time to wait, in a sentence such as "Try again in 1 second."',
      })
    : translate(
        {
          id: 'theme.auth.seconds',
          message: '{count} seconds',
          description: 'A time to wait, in a sentence such as "Try again in 9 seconds."',
        },
        { count },
      );
}
