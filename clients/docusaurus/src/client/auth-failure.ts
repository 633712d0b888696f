/** The one form that every failed call of the auth service takes. The message for each code: `failure-messages.ts`. */

export interface AuthFailure {
  readonly code: string;
  /** Of the response as it arrived; 503 if none did. */
  readonly httpStatus: number;
  /** The service's own message. */
  readonly message?: string | undefined;
  /** The invalid field of the request, if the service named one. */
  readonly field?: string | undefined;
  /** The error of each invalid profile field, by its name. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** Why, in the service's own words for it, like `code_expired`, `limit_account` or `limit_network`. */
  readonly reason?: string | undefined;
  /** Of the service's log line. */
  readonly requestId?: string | undefined;
  /** By how much the clock of the visitor's device is ahead of the service's, where a code shows it; negative if behind. */
  readonly differenceSeconds?: unknown;
  /** What the visitor can prove instead, by `name: true`. */
  readonly next?: Readonly<Record<string, unknown>> | undefined;
}

/** The page, and the address that it called. */
export interface CallContext {
  readonly authUrl: string;
  readonly pageOrigin: string;
}

/** Codes that this client sets, because no response of the service carries them. */
export type ClientCode =
  | 'SERVICE_UNREACHABLE'
  | 'SERVICE_UNAVAILABLE'
  | 'SERVICE_TIMEOUT'
  | 'NOT_THE_SERVICE'
  | 'MIXED_CONTENT'
  | 'CSP_REFUSED'
  | 'CORS_REFUSED'
  | 'ANSWER_UNREADABLE'
  | 'ANSWER_UNEXPECTED'
  | 'NO_API_TOKENS';

const misconfigurations: readonly string[] = [
  'NOT_THE_SERVICE',
  'MIXED_CONTENT',
  'CSP_REFUSED',
  'CORS_REFUSED',
  'ANSWER_UNREADABLE',
  'INVALID_ORIGIN',
];

/** A misconfiguration of site or service, which is also logged to the console for the operator. */
export function isMisconfiguration({ code }: AuthFailure): boolean {
  return misconfigurations.includes(code);
}

/** Whether the same call may succeed later. */
export function isRetryable({ code }: AuthFailure): boolean {
  return !['NOT_THE_SERVICE', 'MIXED_CONTENT', 'CSP_REFUSED'].includes(code);
}
