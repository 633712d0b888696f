/** Opens the database of an operator command, and prints which one it is. */
import type { Environment } from '../config/environment.js';
import { createDatabase, type Database } from '../db/client.js';
import { printable } from '../log/printable.js';
import { findDatabase } from './find-database.js';

/** @throws NoDatabaseError */
export async function openDatabase(env: Environment, queryTimeoutMs?: number): Promise<Database> {
  const { url, label } = await findDatabase(env);
  process.stderr.write(`in ${printable(label)}\n`);
  return createDatabase({
    url,
    maxConnections: 1,
    ...(queryTimeoutMs !== undefined && { queryTimeoutMs }),
    onIdleError: () => undefined,
  });
}
