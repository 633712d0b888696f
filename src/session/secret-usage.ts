/** Counts, in this process, which secret signed the credentials of active sessions, so that an operator knows when an old one can be removed. */

export interface SecretUsageOptions {
  /** The versions of all secrets in the key ring. */
  readonly versions: readonly number[];
  readonly now: () => Date;
  /** Receives the number of credentials per version since the last report. */
  readonly onReport: (checks: Readonly<Record<number, number>>, since: Date) => void;
  readonly everyMs?: number;
}

/** @param version of the secret that signed; undefined if none did */
export type CountSecretUsage = (version: number | undefined) => void;

/**
 * Reports during a check instead of by a timer, because a suspended process runs no timers. With a single secret there
 * is nothing to report.
 */
export function createSecretUsageCounter(options: SecretUsageOptions): CountSecretUsage {
  const { versions, now, onReport, everyMs = 60_000 } = options;
  const none = () => Object.fromEntries(versions.map((version) => [version, 0]));
  let checks: Record<number, number> = none();
  let since = now();

  return function countSecretUsage(version) {
    if (version === undefined || versions.length < 2) return;
    checks[version] = (checks[version] ?? 0) + 1;
    const at = now();
    if (at.getTime() - since.getTime() < everyMs) return;
    onReport(checks, since);
    checks = none();
    since = at;
  };
}
