/** What went wrong, as every answer of the auth service is brought into, and the sentence for each: one table. */

export interface Fault {
  readonly code: string;
  /** Of the answer as it came; 503 where none came. */
  readonly httpStatus: number;
  /** The service's own sentence. */
  readonly message?: string | undefined;
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
  | 'NOT_THE_SERVICE'
  | 'MIXED_CONTENT'
  | 'CORS_REFUSED'
  | 'ANSWER_UNREADABLE'
  | 'NO_API_TOKENS';

type Sentence = (fault: Fault, place: Place) => string;

const signInAgain = () => 'You are no longer signed in. Sign in again.';
const emailTaken = () =>
  'There is already an account with this e-mail address. Sign in with it instead.';
const originRefused: Sentence = (_fault, { authUrl, pageOrigin }) =>
  `The auth service at ${authUrl} does not accept this site: ` +
  `its operator adds ${pageOrigin} to BETTER_AUTH_TRUSTED_ORIGINS.`;
const unavailable: Sentence = ({ retryAfterSeconds }) =>
  'The sign-in service cannot answer right now. ' +
  `Try again ${retryAfterSeconds === undefined ? 'shortly' : `in ${seconds(retryAfterSeconds)}`}.`;

const sentences: Readonly<Record<string, Sentence>> = {
  INVALID_EMAIL_OR_PASSWORD: () => 'The e-mail address or the password is wrong.',
  INVALID_EMAIL: () => 'This is not an e-mail address.',
  INVALID_PASSWORD: () => 'The current password is wrong.',
  USER_ALREADY_EXISTS: emailTaken,
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: emailTaken,
  PASSWORD_TOO_SHORT: () => 'This password is too short. A few unrelated words make a good one.',
  PASSWORD_TOO_LONG: () => 'This password is too long.',
  PASSWORD_TOO_COMMON: () => 'This password is one of the commonest. Choose another.',
  TOO_MANY_REQUESTS: ({ retryAfterSeconds }) =>
    `Too many tries. Wait ${retryAfterSeconds === undefined ? 'a little' : seconds(retryAfterSeconds)}, then try again.`,
  UNAUTHORIZED: signInAgain,
  NOT_SIGNED_IN: signInAgain,
  SESSION_NOT_FRESH: () => 'You signed in too long ago for this. Sign in again first.',
  INVALID_ORIGIN: originRefused,
  DATABASE_UNAVAILABLE: unavailable,
  INTERNAL_ERROR: unavailable,
  SERVICE_UNAVAILABLE: unavailable,
  SERVICE_UNREACHABLE: () =>
    'The sign-in service cannot be reached. Check the connection, or try again shortly.',
  NOT_THE_SERVICE: ({ httpStatus }, { authUrl, pageOrigin }) =>
    authUrl === pageOrigin
      ? `authUrl is this site’s own address (${authUrl}), and no auth service answers there (HTTP ${httpStatus}). ` +
        'Set authUrl to the auth service’s address, or let a proxy hand /api/auth to it.'
      : `No auth service answers at authUrl (${authUrl}, HTTP ${httpStatus}): check the address in docusaurus.config.`,
  MIXED_CONTENT: (_fault, { authUrl }) =>
    `This page came over https, so the browser blocks authUrl (${authUrl}). Give the auth service https.`,
  CORS_REFUSED: originRefused,
  ANSWER_UNREADABLE: (_fault, { authUrl, pageOrigin }) =>
    'The sign-in service cannot answer right now. If this lasts, its operator makes sure that ' +
    `${authUrl} is up and has ${pageOrigin} in BETTER_AUTH_TRUSTED_ORIGINS.`,
  NO_API_TOKENS: (_fault, { authUrl }) =>
    `The auth service at ${authUrl} issues no tokens for APIs: its operator sets JWT_TOKENS=on, ` +
    'or this site takes apiCredential out of docusaurus.config.',
} satisfies Record<ClientCode, Sentence> & Record<string, Sentence>;

/** One sentence for a person. A code that is not in the table is told in the service's own words. */
export function sentenceFor(fault: Fault, place: Place): string {
  const sentence = Object.hasOwn(sentences, fault.code) ? sentences[fault.code] : undefined;
  if (sentence) return sentence(fault, place);
  if (fault.httpStatus >= 500) return unavailable(fault, place);
  return fault.message ?? `The sign-in service refused this (${fault.code}).`;
}

const misconfigurations: readonly string[] = [
  'NOT_THE_SERVICE',
  'MIXED_CONTENT',
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
  return code !== 'NOT_THE_SERVICE' && code !== 'MIXED_CONTENT';
}

function seconds(count: number): string {
  return count === 1 ? '1 second' : `${count} seconds`;
}
