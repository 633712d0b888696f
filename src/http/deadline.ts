/** Bounds how long a request may wait for the database, however many statements it needs. */
import { ServiceBusyError, watchEventLoop } from '../event-loop.js';

/** The database did not answer in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * Rejects after `milliseconds` with DeadlineError, or with ServiceBusyError where they passed because of this process;
 * the work itself ends by the database's own timeouts.
 * @param isBusy whether they did, where the time began before
 */
export async function withDeadline<T>(
  work: Promise<T>,
  milliseconds: number,
  isBusy: () => boolean = watchFromNow(milliseconds),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = isBusy()
        ? new ServiceBusyError(`no time to read an answer within ${milliseconds} ms`)
        : new DeadlineError(`not answered within ${milliseconds} ms`);
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

function watchFromNow(milliseconds: number): () => boolean {
  const isBusy = watchEventLoop();
  return () => isBusy(milliseconds);
}
