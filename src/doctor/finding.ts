/** What the doctor has to tell of one thing it looked at. Holds no credential: it is printed as it is. */

/** `unknown`: could not be examined, which is no pass. */
export type Status = 'ok' | 'warn' | 'fail' | 'unknown';

export interface Finding {
  readonly status: Status;
  /** Stable, for machines. */
  readonly code: string;
  /** What was seen. */
  readonly seen: string;
  /** Why it matters, in one sentence. */
  readonly why?: string;
  /** The setting to change. */
  readonly fix?: string;
}

/** What is told of everything that is not as it should be. */
type Complaint = Required<Omit<Finding, 'status' | 'code'>>;

/** A check tells as it goes; what it returns is for the checks that build on it. */
export type Findings<Learnt = void> = AsyncGenerator<Finding, Learnt, undefined>;

export function ok(code: string, seen: string): Finding {
  return { status: 'ok', code, seen };
}

export function warn(code: string, complaint: Complaint): Finding {
  return { status: 'warn', code, ...complaint };
}

export function fail(code: string, complaint: Complaint): Finding {
  return { status: 'fail', code, ...complaint };
}

export function unknown(code: string, complaint: Omit<Complaint, 'why'>): Finding {
  return { status: 'unknown', code, ...complaint };
}

/** 1: something is to be changed; 2: nothing was found, but not everything could be examined; 0: all is well. */
export function exitStatus(findings: readonly Pick<Finding, 'status'>[]): 0 | 1 | 2 {
  const has = (status: Status) => findings.some((finding) => finding.status === status);
  if (has('fail')) return 1;
  return has('unknown') ? 2 : 0;
}
