/** What went wrong, as every answer of the auth service is brought into, and the sentence for each: one table. */

import { translate } from '@docusaurus/Translate';

export interface Fault {
  readonly code: string;
  /** Of the answer as it came; 503 where none came. */
  readonly httpStatus: number;
  /** The service's own sentence. */
  readonly message?: string | undefined;
  /** The field of the request that is at fault, where the service named it. */
  readonly field?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** Where the fault was met: the page and the address that it called. */
export interface Place {
  readonly authUrl: string;
  readonly pageOrigin: string;
}

/** Codes that this client gives by itself, because no answer of the service carries them. */
export type ClientCode =
  | 'SERVICE_UNREACHABLE'
  | 'SERVICE_UNAVAILABLE'
  | 'SERVICE_TIMEOUT'
  | 'NOT_THE_SERVICE'
  | 'MIXED_CONTENT'
  | 'CSP_REFUSED'
  | 'CORS_REFUSED'
  | 'ANSWER_UNREADABLE'
  | 'NO_API_TOKENS';

type Sentence = (fault: Fault, place: Place) => string;

const signInAgain = () =>
  translate({
    id: 'theme.auth.fault.notSignedIn',
    message: 'You are no longer signed in. Sign in again.',
  });
const emailTaken = () =>
  translate({
    id: 'theme.auth.fault.emailTaken',
    message: 'There is already an account with this e-mail address. Sign in with it instead.',
  });
const originRefused: Sentence = (_fault, { authUrl, pageOrigin }) =>
  translate(
    {
      id: 'theme.auth.fault.originRefused',
      message:
        'The auth service at {authUrl} does not accept this site: its operator adds {pageOrigin} to BETTER_AUTH_TRUSTED_ORIGINS.',
    },
    { authUrl, pageOrigin },
  );
const unavailable: Sentence = ({ retryAfterSeconds }) => {
  if (retryAfterSeconds === undefined) {
    return translate({
      id: 'theme.auth.fault.unavailable',
      message: 'The sign-in service cannot answer right now. Try again shortly.',
    });
  }
  return translate(
    {
      id: 'theme.auth.fault.unavailableFor',
      message: 'The sign-in service cannot answer right now. Try again in {time}.',
    },
    { time: formatSeconds(retryAfterSeconds) },
  );
};
const tooManyRequests: Sentence = ({ retryAfterSeconds }) => {
  if (retryAfterSeconds === undefined) {
    return translate({
      id: 'theme.auth.fault.tooMany',
      message: 'Too many tries. Wait a little, then try again.',
    });
  }
  return translate(
    {
      id: 'theme.auth.fault.tooManyFor',
      message: 'Too many tries. Wait {time}, then try again.',
    },
    { time: formatSeconds(retryAfterSeconds) },
  );
};
const notTheService: Sentence = ({ httpStatus }, { authUrl, pageOrigin }) =>
  authUrl === pageOrigin
    ? translate(
        {
          id: 'theme.auth.fault.authUrlIsThisSite',
          message:
            'authUrl is this site’s own address ({authUrl}), and no auth service answers there (HTTP {httpStatus}). Set authUrl to the auth service’s address, or let a proxy hand /api/auth to it.',
        },
        { authUrl, httpStatus },
      )
    : translate(
        {
          id: 'theme.auth.fault.notTheService',
          message:
            'No auth service answers at authUrl ({authUrl}, HTTP {httpStatus}): check the address in docusaurus.config.',
        },
        { authUrl, httpStatus },
      );

const sentences: Readonly<Record<string, Sentence>> = {
  INVALID_EMAIL_OR_PASSWORD: () =>
    translate({
      id: 'theme.auth.fault.wrongCredentials',
      message: 'The e-mail address or the password is wrong.',
    }),
  INVALID_EMAIL: () =>
    translate({ id: 'theme.auth.fault.noEmail', message: 'This is not an e-mail address.' }),
  INVALID_PASSWORD: () =>
    translate({
      id: 'theme.auth.fault.wrongPassword',
      message: 'The current password is wrong.',
    }),
  USER_ALREADY_EXISTS: emailTaken,
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: emailTaken,
  PASSWORD_TOO_SHORT: () =>
    translate({
      id: 'theme.auth.fault.passwordTooShort',
      message: 'This password is too short. A few unrelated words make a good one.',
    }),
  PASSWORD_TOO_LONG: () =>
    translate({
      id: 'theme.auth.fault.passwordTooLong',
      message: 'This password is too long.',
    }),
  PASSWORD_TOO_COMMON: () =>
    translate({
      id: 'theme.auth.fault.passwordTooCommon',
      message: 'This password is one of the commonest. Choose another.',
    }),
  TOO_MANY_REQUESTS: tooManyRequests,
  SIGN_IN_BUSY: unavailable,
  UNAUTHORIZED: signInAgain,
  NOT_SIGNED_IN: signInAgain,
  SESSION_NOT_FRESH: () =>
    translate({
      id: 'theme.auth.fault.notFresh',
      message: 'You signed in too long ago for this. Sign in again first.',
    }),
  INVALID_ORIGIN: originRefused,
  DATABASE_UNAVAILABLE: unavailable,
  SERVICE_BUSY: unavailable,
  SIGN_IN_BUSY: ({ retryAfterSeconds }) =>
    'Many people are signing in right now. ' +
    `Try again in ${retryAfterSeconds === undefined ? 'a few seconds' : seconds(retryAfterSeconds)}.`,
  INTERNAL_ERROR: unavailable,
  SERVICE_UNAVAILABLE: unavailable,
  SERVICE_UNREACHABLE: () =>
    translate({
      id: 'theme.auth.fault.unreachable',
      message: 'The sign-in service cannot be reached. Check the connection, or try again shortly.',
    }),
  SERVICE_TIMEOUT: () =>
    translate({
      id: 'theme.auth.fault.timeout',
      message:
        'The sign-in service did not answer in time, so it is not known whether this was done. Try again.',
    }),
  NOT_THE_SERVICE: notTheService,
  MIXED_CONTENT: (_fault, { authUrl }) =>
    translate(
      {
        id: 'theme.auth.fault.mixedContent',
        message:
          'This page came over https, so the browser blocks authUrl ({authUrl}). Give the auth service https.',
      },
      { authUrl },
    ),
  CSP_REFUSED: (_fault, { authUrl }) => blockedSentence(authUrl),
  CORS_REFUSED: originRefused,
  ANSWER_UNREADABLE: (_fault, { authUrl, pageOrigin }) =>
    translate(
      {
        id: 'theme.auth.fault.unreadable',
        message:
          'The sign-in service cannot answer right now. If this lasts, its operator makes sure that {authUrl} is up and has {pageOrigin} in BETTER_AUTH_TRUSTED_ORIGINS.',
      },
      { authUrl, pageOrigin },
    ),
  NO_API_TOKENS: (_fault, { authUrl }) =>
    translate(
      {
        id: 'theme.auth.fault.noApiTokens',
        message:
          'The auth service at {authUrl} issues no tokens for APIs: its operator sets JWT_TOKENS=on, or this site takes apiCredential out of docusaurus.config.',
      },
      { authUrl },
    ),
} satisfies Record<ClientCode, Sentence> & Record<string, Sentence>;

/** For the console: an API that this site's own policy blocks. */
export function blockedSentence(url: string): string {
  return translate(
    {
      id: 'theme.auth.fault.cspRefused',
      message:
        'This site’s own Content-Security-Policy blocks calls to {url}: whoever runs the site adds that address to connect-src.',
    },
    { url },
  );
}

/** One sentence for a person. A code that is not in the table is told in the service's own words. */
export function sentenceFor(fault: Fault, place: Place): string {
  const sentence = Object.hasOwn(sentences, fault.code) ? sentences[fault.code] : undefined;
  if (sentence) return sentence(fault, place);
  if (fault.httpStatus >= 500) return unavailable(fault, place);
  if (fault.message !== undefined) return fault.message;
  return translate(
    {
      id: 'theme.auth.fault.refused',
      message: 'The sign-in service refused this ({code}).',
    },
    { code: fault.code },
  );
}

const misconfigurations: readonly string[] = [
  'NOT_THE_SERVICE',
  'MIXED_CONTENT',
  'CSP_REFUSED',
  'CORS_REFUSED',
  'ANSWER_UNREADABLE',
  'INVALID_ORIGIN',
];

/** Faults of the set-up, which the operator reads in the console too. */
export function isMisconfiguration({ code }: Fault): boolean {
  return misconfigurations.includes(code);
}

/** Whether waiting may mend it. */
export function mayPass({ code }: Fault): boolean {
  return !['NOT_THE_SERVICE', 'MIXED_CONTENT', 'CSP_REFUSED'].includes(code);
}

function formatSeconds(count: number): string {
  return count === 1
    ? translate({ id: 'theme.auth.oneSecond', message: '1 second' })
    : translate({ id: 'theme.auth.seconds', message: '{count} seconds' }, { count });
}
