/** For commands: a signal ends them at once. Process 1 of a container would not even hear it without a handler. */
import { constants } from 'node:os';

/** Ends with 128 and the signal's number, as a shell tells it. What a transaction had not committed is not done. */
export function exitOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      process.stderr.write('\ninterrupted: what was not finished is not done\n');
      process.exit(128 + constants.signals[signal]);
    });
  }
}
