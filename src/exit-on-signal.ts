/** For commands: exit immediately on a signal. Process 1 of a container ignores signals without a handler. */
import { constants } from 'node:os';

/** Exits with 128 plus the signal's number, the shell convention. Uncommitted transactions are rolled back. */
export function exitOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      process.stderr.write('\ninterrupted: unfinished work was rolled back\n');
      process.exit(128 + constants.signals[signal]);
    });
  }
}
