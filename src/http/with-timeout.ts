/** Limits how long a request waits for the database, regardless of the number of statements. */
import { ServiceBusyError, watchEventLoop } from '../event-loop.js';

/** The database did not respond in time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Rejects after `milliseconds` with TimeoutError, or with ServiceBusyError if this process was too busy to notice a
 * response. Does not cancel the work, which ends by the database's own timeouts.
 * @param isBusy whether the process was busy; needed if the time being measured started earlier
 */
export async function withTimeout<T>(
  work: Promise<T>,
  milliseconds: number,
  isBusy: () => boolean = watchFromNow(milliseconds),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = isBusy()
        ? new ServiceBusyError(`too busy to read a response within ${milliseconds} ms`)
        : new TimeoutError(`no response within ${milliseconds} ms`);
      // Timers run before sockets are read: a response that has already arrived still counts.
      setImmediate(() => setImmediate(reject, error));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function watchFromNow(milliseconds: number): () => boolean {
  const isBusy = watchEventLoop();
  return () => isBusy(milliseconds);
}
