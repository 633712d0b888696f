/** The type of the variables that hold a connection string. */
import { z } from 'zod';

export const postgresUrl = z
  .string()
  .refine(
    isPostgresUrl,
    'is not a postgresql:// URL, or its password has @, /, ? or # without percent-encoding',
  );

/**
 * Rejects a password with unencoded characters: its end would be parsed as host or database name, which the startup report
 * shows. In that case the path, query or fragment has an `@` or `#`.
 */
function isPostgresUrl(value: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value)) return false;
  const { pathname, search, hash } = new URL(value);
  return !/[@#]/.test(pathname + search + hash);
}
