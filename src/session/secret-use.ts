/** Counts which secret signed the credentials of living sessions, in this process, so that an operator knows when an old one can go. */

export interface SecretUseOptions {
  /** Of every secret in the key ring. */
  readonly versions: readonly number[];
  readonly now: () => Date;
  /** Takes how many credentials arrived under each version since the last telling. */
  readonly tell: (checks: Readonly<Record<number, number>>, since: Date) => void;
  readonly everyMs?: number;
}

/** @param version of the secret that signed; undefined where none did */
export type CountSecretUse = (version: number | undefined) => void;

/**
 * Tells with a check rather than by a timer: a suspended process has none. With a single secret there is nothing
 * to tell.
 */
export function createSecretUse(options: SecretUseOptions): CountSecretUse {
  const { versions, now, tell, everyMs = 60_000 } = options;
  const none = () => Object.fromEntries(versions.map((version) => [version, 0]));
  let checks: Record<number, number> = none();
  let since = now();

  return function countSecretUse(version) {
    if (version === undefined || versions.length < 2) return;
    checks[version] = (checks[version] ?? 0) + 1;
    const at = now();
    if (at.getTime() - since.getTime() < everyMs) return;
    tell(checks, since);
    checks = none();
    since = at;
  };
}
