/** The frame of an operator command: messages without stack traces or parameters of statements, and the exit status. */
import { ignoreClosedOutput } from '../closed-output.js';
import { exitOnSignal } from '../exit-on-signal.js';
import { printable } from '../log/printable.js';
import { describeDatabaseFailure } from './database-failure.js';
import { NoTerminalError } from './prompt.js';
import { UsageError } from './usage-error.js';

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
