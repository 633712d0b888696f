/** The table of public error codes. Never has internal details. */

export interface ErrorEntry {
  readonly status: number;
  /** A constant: causes and details go only to the log. */
  readonly message: string;
}

/** Code → HTTP status and public message. `npm run docs` writes the table in docs/errors-and-limits.md from it. */
export const errorTable = {
  INVALID_REQUEST: { status: 400, message: 'The request could not be parsed.' },
  INVALID_FIELD: { status: 400, message: 'A field has an invalid value.' },
  PROOF_REQUIRED: {
    status: 400,
    message: 'Send one proof of who you are, by one of the methods that this account has.',
  },
  LINK_USED: { status: 400, message: 'This link was used already. Sign in, or ask for a new one.' },
  LINK_EXPIRED: { status: 400, message: 'This link has expired. Ask for a new one.' },
  LINK_REPLACED: {
    status: 400,
    message: 'A newer link or another change has replaced this one. Use the newest mail.',
  },
  LINK_UNKNOWN: { status: 400, message: 'This link is not valid. Ask for a new one.' },
  NOT_SIGNED_IN: { status: 401, message: 'Not signed in.' },
  SESSION_NOT_ENDED: {
    status: 401,
    message: 'The session was not ended: its credential could not be verified.',
  },
  INVALID_ORIGIN: { status: 403, message: 'This origin is not trusted.' },
  MISSING_OR_NULL_ORIGIN: {
    status: 403,
    message: 'A request with cookies requires the Origin of a trusted page or application.',
  },
  SESSION_NOT_FRESH: {
    status: 403,
    message: 'This needs a recent proof of who you are: step up, or sign in again.',
  },
  SECOND_FACTOR_REQUIRED: {
    status: 403,
    message: 'This account has a second factor, and this session has not proven it: enter a code.',
  },
  IMPERSONATING: {
    status: 403,
    message: 'An operator who acts as the user cannot do this: stop impersonating first.',
  },
  USER_LOCKED: {
    status: 403,
    message: 'This account is locked. Ask the administrator of this service.',
  },
  NOT_FOUND: { status: 404, message: 'Not found.' },
  LAST_ADMIN: {
    status: 409,
    message:
      'This is the last user with the role admin who can sign in. Grant the role to another user first, on the server: npm run user -- grant EMAIL admin.',
  },
  METHOD_NOT_ALLOWED: { status: 405, message: 'Method not allowed.' },
  BODY_TOO_LARGE: { status: 413, message: 'The request body is too large.' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    message: 'Content-Type must be application/json or application/x-www-form-urlencoded.',
  },
  TOO_MANY_REQUESTS: { status: 429, message: 'Too many requests. Try again later.' },
  INTERNAL_ERROR: { status: 500, message: 'Internal server error.' },
  DATABASE_UNAVAILABLE: {
    status: 503,
    message: 'The database is unavailable. Try again shortly.',
  },
  LIMITS_UNAVAILABLE: {
    status: 503,
    message: 'Attempts cannot be counted, so none is allowed. Try again shortly.',
  },
  SIGN_IN_BUSY: {
    status: 503,
    message: 'Too many concurrent sign-ins. Nothing was changed. Try again shortly.',
  },
  SERVICE_BUSY: {
    status: 503,
    message: 'The service is too busy. Try again shortly.',
  },
  NOT_READY: { status: 503, message: 'The service is not ready.' },
  CONFIGURATION_INVALID: {
    status: 503,
    message: 'The service is misconfigured. Its log names each fault.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

/** How long a caller should wait before retrying after 503, in seconds. */
export const retryAfterSeconds = 5;
