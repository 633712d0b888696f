/** The result of one check. It contains no credential, so it may be printed as it is. */

/** `unknown`: could not be checked, which counts as not passed. */
export type Status = 'ok' | 'warn' | 'fail' | 'unknown';

export interface Finding {
  readonly status: Status;
  /** A stable identifier for programs. */
  readonly code: string;
  /** What was observed. */
  readonly message: string;
  /** Why it matters, in one sentence. */
  readonly impact?: string;
  /** The setting to change. */
  readonly fix?: string;
}

/** What a finding other than `ok` must explain. */
export type FindingDetails = Required<Pick<Finding, 'message' | 'impact' | 'fix'>>;

/** A check yields its findings one by one; the result it returns is for the checks that build on it. */
export type FindingStream<Result = void> = AsyncGenerator<Finding, Result, undefined>;

export function ok(code: string, message: string): Finding {
  return { status: 'ok', code, message };
}

export function warn(code: string, details: FindingDetails): Finding {
  return { status: 'warn', code, ...details };
}

export function fail(code: string, details: FindingDetails): Finding {
  return { status: 'fail', code, ...details };
}

export function unknown(code: string, details: Omit<FindingDetails, 'impact'>): Finding {
  return { status: 'unknown', code, ...details };
}

/** 1: something must be changed; 2: nothing is wrong, but a check could not be completed; 0: every check passed. */
export function exitStatus(findings: readonly Pick<Finding, 'status'>[]): 0 | 1 | 2 {
  const has = (status: Status) => findings.some((finding) => finding.status === status);
  if (has('fail')) return 1;
  return has('unknown') ? 2 : 0;
}
