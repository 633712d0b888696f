/** The one table of error codes: what goes over the wire, and nothing about the inside. */

export interface ErrorEntry {
  readonly status: number;
  /** A constant: causes and details go to the log alone. */
  readonly message: string;
}

/** Code → HTTP status and public message. `npm run docs` writes the table in docs/errors-and-limits.md from it. */
export const errorTable = {
  INVALID_REQUEST: { status: 400, message: 'The request cannot be read.' },
  INVALID_FIELD: { status: 400, message: 'A field has an invalid value.' },
  NOT_SIGNED_IN: { status: 401, message: 'Not signed in.' },
  SESSION_NOT_ENDED: {
    status: 401,
    message: 'The session was not ended: its credential cannot be verified here.',
  },
  INVALID_ORIGIN: { status: 403, message: 'This origin is not trusted.' },
  MISSING_OR_NULL_ORIGIN: {
    status: 403,
    message: 'A request with cookies needs the Origin of a trusted page or application.',
  },
  SESSION_NOT_FRESH: {
    status: 403,
    message: 'Give the password again, or sign in again: the session is older than a day.',
  },
  NOT_FOUND: { status: 404, message: 'Not found.' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'Method not allowed.' },
  BODY_TOO_LARGE: { status: 413, message: 'The request body is too large.' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    message: 'Content-Type must be application/json or application/x-www-form-urlencoded.',
  },
  TOO_MANY_REQUESTS: { status: 429, message: 'Too many requests. Try again later.' },
  INTERNAL_ERROR: { status: 500, message: 'Something went wrong on our side.' },
  DATABASE_UNAVAILABLE: {
    status: 503,
    message: 'The database is unavailable. Try again shortly.',
  },
  SIGN_IN_BUSY: {
    status: 503,
    message: 'Too many people are signing in right now. Nothing was done. Try again shortly.',
  },
  SERVICE_BUSY: {
    status: 503,
    message: 'The service is too busy to answer right now. Try again shortly.',
  },
  NOT_READY: { status: 503, message: 'The service is not ready.' },
  CONFIGURATION_INVALID: {
    status: 503,
    message: 'The service is misconfigured. Its log names each fault.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

/** What a caller should wait, in seconds, before it asks an unavailable service again. */
export const retryAfterSeconds = 5;
