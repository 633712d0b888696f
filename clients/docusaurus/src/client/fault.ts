/** What went wrong, as every answer of the auth service is brought into. The sentence for each: `fault-sentences.ts`. */

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

/** Faults of the set-up, which the operator reads in the console too. */
export function isMisconfiguration({ code }: Fault): boolean {
  return misconfigurations.includes(code);
}

/** Whether waiting may mend it. */
export function mayPass({ code }: Fault): boolean {
  return !['NOT_THE_SERVICE', 'MIXED_CONTENT', 'CSP_REFUSED'].includes(code);
}
