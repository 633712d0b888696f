/** One thing the configuration or the database has to tell its operator: what, why, and the setting to change. */
export interface Finding {
  /** `error` stops the start, `warn` lets the service run but something will not work, `info` explains. */
  readonly level: 'error' | 'warn' | 'info';
  readonly code: string;
  /** The environment variable to change. */
  readonly variable: string;
  /** What was found. Never holds the variable's value: it may be a credential. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Every fault of the configuration at once, so that an operator mends them in one go. */
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
