/**
 * Listens for whatever asks the process to end, from the first line of an entry on. Imports nothing, so that it is in
 * place before the rest is loaded: to process 1 of a container a signal without a handler is lost for good.
 */

/** `npm ended`: npm was killed by something it hands on to nobody, SIGHUP or SIGKILL for instance. */
export type StopReason = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'npm ended';

export interface StopRequests {
  /** From now on each request calls this. Until then the first one ends the process at once, with 0. */
  handleWith(handler: (reason: StopReason) => void): void;
  /** The end of the parent process is a request, too. For npm as the parent: any other may leave without meaning us. */
  endWithParent(): void;
}

const pollParentMs = 500;

export function listenForStop(): StopRequests {
  const parent = process.ppid;
  // Nothing has begun that could be lost.
  let handle: (reason: StopReason) => void = () => process.exit(0);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => handle(signal));
  }
  return {
    handleWith(handler) {
      handle = handler;
    },
    endWithParent() {
      const poll = setInterval(() => {
        if (process.ppid === parent) return;
        clearInterval(poll);
        handle('npm ended');
      }, pollParentMs);
      poll.unref();
    },
  };
}
