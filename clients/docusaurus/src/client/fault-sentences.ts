/** The sentence for each fault: one table. What only the set-up can mend stands in `setup-sentences.ts`. */
import { translate } from '@docusaurus/Translate';
import type { ClientCode, Fault, Place } from './fault.js';
import {
  blockedSentence,
  mixedContent,
  noApiTokens,
  notTheService,
  originHidden,
  originRefused,
  unreadable,
} from './setup-sentences.js';

type Sentence = (fault: Fault, place: Place) => string;

const signInAgain = () =>
  translate({
    id: 'theme.auth.fault.notSignedIn',
    message: 'You are no longer signed in. Sign in again.',
    description: 'Where an action needs a sign-in and there is none any more',
  });
const emailTaken = () =>
  translate({
    id: 'theme.auth.fault.emailTaken',
    message: 'There is already an account with this e-mail address. Sign in with it instead.',
    description: 'The error beside the e-mail address of a sign-up',
  });
const notFresh = () =>
  translate({
    id: 'theme.auth.fault.notFresh',
    message: 'You signed in too long ago for this. Sign in again first.',
    description: 'Where an action needs a sign-in that is not older than a day',
  });
const unavailable: Sentence = ({ retryAfterSeconds }) => {
  if (retryAfterSeconds === undefined) {
    return translate({
      id: 'theme.auth.fault.unavailable',
      message: 'The sign-in service cannot answer right now. Try again shortly.',
      description: 'Where the service is out of order',
    });
  }
  return translate(
    {
      id: 'theme.auth.fault.unavailableFor',
      message: 'The sign-in service cannot answer right now. Try again in {time}.',
      description: 'Where the service is out of order; the time is "9 seconds"',
    },
    { time: formatSeconds(retryAfterSeconds) },
  );
};
const tooManyRequests: Sentence = ({ retryAfterSeconds }) => {
  if (retryAfterSeconds === undefined) {
    return translate({
      id: 'theme.auth.fault.tooMany',
      message: 'Too many tries. Wait a little, then try again.',
      description: 'Where the limit of tries is reached',
    });
  }
  return translate(
    {
      id: 'theme.auth.fault.tooManyFor',
      message: 'Too many tries. Wait {time}, then try again.',
      description: 'Where the limit of tries is reached; the time is "9 seconds"',
    },
    { time: formatSeconds(retryAfterSeconds) },
  );
};
const signInBusy: Sentence = ({ retryAfterSeconds }) => {
  if (retryAfterSeconds === undefined) {
    return translate({
      id: 'theme.auth.fault.busy',
      message: 'Many people are signing in right now. Try again in a few seconds.',
      description: 'Where the service has too much to do',
    });
  }
  return translate(
    {
      id: 'theme.auth.fault.busyFor',
      message: 'Many people are signing in right now. Try again in {time}.',
      description: 'Where the service has too much to do; the time is "9 seconds"',
    },
    { time: formatSeconds(retryAfterSeconds) },
  );
};

const sentences: Readonly<Record<string, Sentence>> = {
  INVALID_EMAIL_OR_PASSWORD: () =>
    translate({
      id: 'theme.auth.fault.wrongCredentials',
      message: 'The e-mail address or the password is wrong.',
      description: 'After a sign-in that failed. It does not tell which of the two',
    }),
  INVALID_EMAIL: () =>
    translate({
      id: 'theme.auth.fault.noEmail',
      message: 'This is not an e-mail address.',
      description: 'The error beside an e-mail address that the service refuses',
    }),
  INVALID_PASSWORD: () =>
    translate({
      id: 'theme.auth.fault.wrongPassword',
      message: 'The current password is wrong.',
      description: 'The error beside the current password',
    }),
  USER_ALREADY_EXISTS: emailTaken,
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: emailTaken,
  PASSWORD_TOO_SHORT: () =>
    translate({
      id: 'theme.auth.fault.passwordTooShort',
      message: 'This password is too short. A few unrelated words make a good one.',
      description: 'The error beside a new password that the service refuses',
    }),
  PASSWORD_TOO_LONG: () =>
    translate({
      id: 'theme.auth.fault.passwordTooLong',
      message: 'This password is too long.',
      description: 'The error beside a new password that the service refuses',
    }),
  PASSWORD_TOO_COMMON: () =>
    translate({
      id: 'theme.auth.fault.passwordTooCommon',
      message: 'This password is one of the commonest. Choose another.',
      description: 'The error beside a new password that the service refuses',
    }),
  TOO_MANY_REQUESTS: tooManyRequests,
  UNAUTHORIZED: signInAgain,
  NOT_SIGNED_IN: signInAgain,
  SESSION_NOT_ENDED: () =>
    translate({
      id: 'theme.auth.fault.notEnded',
      message:
        'The service could not end your session, so it may still count elsewhere. Sign in again and sign out once more, or close it from another device.',
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
      description: 'Where nothing answers at all',
    }),
  SERVICE_TIMEOUT: () =>
    translate({
      id: 'theme.auth.fault.timeout',
      message:
        'The sign-in service did not answer in time, so it is not known whether this was done. Try again.',
      description: 'After an action whose answer did not come',
    }),
  ANSWER_UNEXPECTED: () =>
    translate({
      id: 'theme.auth.fault.unexpected',
      message:
        'The sign-in service answered something unexpected, so it is not known whether this was done. Reload the page and look.',
      description: 'After an action whose answer cannot be understood',
    }),
  NOT_THE_SERVICE: notTheService,
  MIXED_CONTENT: mixedContent,
  CSP_REFUSED: (_fault, { authUrl }) => blockedSentence(authUrl),
  CORS_REFUSED: originRefused,
  ANSWER_UNREADABLE: unreadable,
  NO_API_TOKENS: noApiTokens,
} satisfies Record<ClientCode, Sentence> & Record<string, Sentence>;

/**
 * One sentence for a person. A code that is not in the table is told in the service's own words: so `INVALID_FIELD`,
 * whose sentence names the field and its bound.
 */
export function sentenceFor(fault: Fault, place: Place): string {
  const sentence = Object.hasOwn(sentences, fault.code) ? sentences[fault.code] : undefined;
  if (sentence) return sentence(fault, place);
  if (fault.httpStatus >= 500) return unavailable(fault, place);
  if (fault.message !== undefined) return fault.message;
  return translate(
    {
      id: 'theme.auth.fault.refused',
      message: 'The sign-in service refused this ({code}).',
      description: 'Where the service gave a code that is not known, and no sentence',
    },
    { code: fault.code },
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
