/** The frame of a command on a database: messages without stack traces or parameters of statements, and the exit status. */
import { ignoreClosedOutput } from '../closed-output.js';
import { exitOnSignal } from '../exit-on-signal.js';
import { printable } from '../log/printable.js';
import { CommandRefusedError } from './command-refused.js';
import { describeDatabaseFailure } from './database-failure.js';
import { NoTerminalError } from './prompt.js';
import { UsageError } from './usage-error.js';

const { stdout, stderr } = process;

/**
 * @param read the options from the arguments; undefined if help is requested
 * @param run returns the exit status
 * @returns after setting the exit status: 0 to 2
 */
export async function runCommand<Options>(
  usage: string,
  read: (args: readonly string[]) => Options | undefined,
  run: (options: Options) => Promise<number>,
): Promise<void> {
  exitOnSignal();
  ignoreClosedOutput();
  try {
    const options = read(process.argv.slice(2));
    if (options === undefined) stdout.write(usage);
    else process.exitCode = await run(options);
  } catch (error) {
    if (error instanceof UsageError) {
      stderr.write(`${printable(error.message)}\n\n${usage}`);
      process.exitCode = 2;
    } else {
      const isRefusal = error instanceof CommandRefusedError;
      stderr.write(`${isRefusal ? printable(error.message) : describeDatabaseFailure(error)}\n`);
      process.exitCode = error instanceof NoTerminalError ? 2 : 1;
    }
  }
}
