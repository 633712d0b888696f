/** Bounds how long a request may wait for the database, however many statements it needs. */
import { ServiceBusyError, watchEventLoop } from '../event-loop.js';

/** The database did not answer in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * Rejects after `milliseconds` with DeadlineError, or with ServiceBusyError where they passed because of this process;
 * the work itself ends by the database's own timeouts.
 */
export async function withDeadline<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const isBusy = watchEventLoop();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = isBusy(milliseconds)
        ? new ServiceBusyError(`no time to read an answer within ${milliseconds} ms`)
        : new DeadlineError(`no answer from the database within ${milliseconds} ms`);
      // Timers run before sockets are read: what has come already counts.
      setImmediate(() => setImmediate(reject, error));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
