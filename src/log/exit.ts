/** Exits the process after the log is flushed, or after a short timeout. */
import type { Logger } from './logger.js';

/** A reader of standard output that hangs must not keep the process alive. */
const flushTimeoutMs = 1_000;
const pollMs = 20;

/** Requests running on libuv's thread pool, by their names in `process.getActiveResourcesInfo`. */
const threadWork = /^(?:FSReq|GetAddrInfo|GetNameInfo)/;

export function exitAfterFlush(logger: Logger, code: number): void {
  let isEnding = false;
  const end = () => {
    if (!isEnding) endProcess(code);
    isEnding = true;
  };
  setTimeout(end, flushTimeoutMs);
  logger.flush(end);
}

/**
 * `process.exit` waits for the pool's threads, and hangs if one of them hangs in a read or a DNS lookup (measured on
 * Node 20). So it is called once they are done; if they do not finish in time, the process kills itself.
 */
function endProcess(code: number): void {
  const giveUpAt = performance.now() + flushTimeoutMs;
  const tryToEnd = () => {
    const isBusy = process.getActiveResourcesInfo().some((name) => threadWork.test(name));
    if (!isBusy) process.exit(code);
    if (performance.now() > giveUpAt) killProcess();
    setTimeout(tryToEnd, pollMs);
  };
  tryToEnd();
}

function killProcess(): void {
  // PID 1 of a container cannot kill itself with SIGKILL.
  if (process.pid === 1) process.abort();
  process.kill(process.pid, 'SIGKILL');
}
