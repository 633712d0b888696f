/**
 * Handles requests to stop the process, from the first line of an entry. Has no imports, so that the handlers are installed
 * before anything else is loaded: process 1 of a container ignores signals without a handler.
 */

/** `npm ended`: npm was killed by a signal that it does not forward, such as SIGHUP or SIGKILL. */
export type StopReason = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'npm ended';

export interface StopRequests {
  /** Calls `handler` for each stop request from now on. Before that, the first one exits immediately with 0. */
  handleWith(handler: (reason: StopReason) => void): void;
  /** Treats the end of the parent process as a stop request. Only for npm as the parent: others may exit for other reasons. */
  endWithParent(): void;
}

const pollParentMs = 500;

export function listenForStop(): StopRequests {
  const parent = process.ppid;
  // Nothing has started yet, so there is nothing to clean up.
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
