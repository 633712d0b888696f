/** A problem with the configuration or the database, for the operator: what is wrong and the setting to change. */
export interface Finding {
  /** `error` prevents the start; with `warn` the service runs but something will not work; `info` explains. */
  readonly level: 'error' | 'warn' | 'info';
  readonly code: string;
  /** The environment variable to change. */
  readonly variable: string;
  /** What was found. Never holds the variable's value: it may be a credential. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/** All faults of the configuration together, so that an operator can fix them in one pass. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly findings: readonly Finding[]) {
    const faults = findings.filter((finding) => finding.level === 'error');
    super(`the configuration has ${faults.length} fault(s): ${faults.map(codeOf).join(', ')}`);
  }
}

function codeOf(finding: Finding): string {
  return finding.code;
}
