/** The frame of an operator command: messages without stack traces or parameters of statements, and the exit status. */
import { ignoreClosedOutput } from '../closed-output.js';
import { explainUnavailable } from '../db/unavailable.js';
import { exitOnSignal } from '../exit-on-signal.js';
import { sqlState } from '../log/error-chain.js';
import { printable } from '../log/printable.js';
import { NoDatabaseError } from './find-database.js';
import { UsageError } from './options.js';
import { NoTerminalError } from './prompt.js';

const { stdout, stderr } = process;

/** The command refused to run; the message says why. */
export class CommandRefusedError extends Error {
  override readonly name = 'CommandRefusedError';
}

/**
 * @param run undefined if help is requested
 * @returns after setting the exit status: 0 to 2
 */
export async function runCommand(
  usage: string,
  read: () => (() => Promise<number>) | undefined,
): Promise<void> {
  exitOnSignal();
  ignoreClosedOutput();
  try {
    const run = read();
    if (run === undefined) stdout.write(usage);
    else process.exitCode = await run();
  } catch (error) {
    if (error instanceof UsageError) {
      stderr.write(`${printable(error.message)}\n\n${usage}`);
      process.exitCode = 2;
    } else {
      const isRefusal = error instanceof NoTerminalError || error instanceof CommandRefusedError;
      stderr.write(`${isRefusal ? printable(error.message) : describeDatabaseFailure(error)}\n`);
      process.exitCode = error instanceof NoTerminalError ? 2 : 1;
    }
  }
}

/** Names the setting to check; never includes an address, a password or parameters of a statement. */
export function describeDatabaseFailure(error: unknown): string {
  if (error instanceof NoDatabaseError) return printable(error.message);
  // undefined_table, undefined_column
  if (['42P01', '42703'].includes(sqlState(error) ?? '')) {
    return 'DATABASE_URL points to a database that is not migrated: run npm run db:migrate';
  }
  const { code, message, fix } = explainUnavailable(error);
  return `${code}: DATABASE_URL ${message}\n→ ${fix}`;
}
