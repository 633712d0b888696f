/** Ends the process when what was logged has been written, and in any case soon. */
import type { Logger } from './logger.js';

/** A reader of standard output that hangs must not keep the process alive. */
const flushTimeoutMs = 1_000;
const pollMs = 20;

/** Requests that a thread of the pool works on, as `process.getActiveResourcesInfo` names them. */
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
 * `process.exit` waits for the pool's threads, for ever where one hangs in a read or in a resolver that does not
 * answer (measured on Node 20). So it is called when they are done; where they never are, the process kills itself.
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
  // Process 1 of a container is the one that its own SIGKILL does not reach.
  if (process.pid === 1) process.abort();
  process.kill(process.pid, 'SIGKILL');
}
