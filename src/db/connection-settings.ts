/** Parses a connection string as written by Neon's console and libpq. Never weakens the security it requests. */

/** Options for the driver. */
export interface ConnectionSettings {
  readonly connectionString: string;
  /** SCRAM-SHA-256-PLUS if the server offers it: the password proof is then bound to its certificate. */
  readonly enableChannelBinding: boolean;
}

/**
 * - `sslmode`: pg 8 treats `require`, `prefer` and `verify-ca` as `verify-full` and warns at every start. Setting
 *   `verify-full` explicitly keeps the certificate check without the warning.
 * - `channel_binding`: pg ignores it and has an option instead. With a pooler that does not offer it, such as PgBouncer,
 *   `require` still connects: the certificate is verified, and SCRAM lets a server that does offer it detect a
 *   downgrade by an attacker in between (RFC 5802 section 6).
 * - `sslrootcert=system` (libpq 16) means the platform's trusted authorities, which is Node's default; pg would look for
 *   a file of that name.
 */
export function readConnectionSettings(url: string): ConnectionSettings {
  const { searchParams } = new URL(url);
  const connectionString = url
    .replace(/([?&]sslmode=)(?:require|prefer|verify-ca)(?=&|$)/, '$1verify-full')
    .replace(/([?&])sslrootcert=system(?=&|$)/, '$1sslmode=verify-full');
  return {
    connectionString,
    enableChannelBinding: ['require', 'prefer'].includes(searchParams.get('channel_binding') ?? ''),
  };
}
