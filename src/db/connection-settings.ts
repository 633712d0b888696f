/** Reads a connection string as Neon's console and libpq write it; never weakens what it asks for. */

/** What the driver is given. */
export interface ConnectionSettings {
  readonly connectionString: string;
  /** SCRAM-SHA-256-PLUS where the server offers it: the password's proof then holds for its certificate alone. */
  readonly enableChannelBinding: boolean;
}

/**
 * - `sslmode`: pg 8 reads `require`, `prefer` and `verify-ca` as `verify-full`, with a warning at each start. Saying
 *   what is meant keeps the certificate check and the log quiet.
 * - `channel_binding`: pg ignores it and takes an option instead. Where a pooler offers none, as PgBouncer does,
 *   `require` connects all the same: the certificate is verified, and SCRAM tells a server that offers it when
 *   somebody on the way left it out (RFC 5802 section 6).
 * - `sslrootcert=system` (libpq 16) means the authorities the platform trusts, as Node does without it; pg would look
 *   for a file of that name.
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
