/** Ends the process in order when it is asked to, and within its grace whatever hangs. */
import { exitAfterFlush } from './log/exit.js';
import type { Logger } from './log/logger.js';
import type { StopReason, StopRequests } from './stop-request.js';

/**
 * From the first signal to the end, at most. docs/stopping.md tells operators to grant more than this: requests in
 * flight have 15 s (listen.ts), the rest is for the database and the log.
 */
export const graceMs = 20_000;

/** npm hands on a Ctrl-C that the terminal has sent us already; a second one of a person comes later. */
const secondCtrlCAfterMs = 1_000;

export interface StopOptions {
  readonly logger: Logger;
  /** Ends everything in order. @returns whether nothing was cut off */
  readonly stop: () => Promise<boolean>;
  /** What must be done in any case, at once, when `stop` is given up. */
  readonly abandon?: () => void;
}

/**
 * Ends with 0 when nothing was cut off, with 1 when something was or `stop` failed, with 130 at a second Ctrl-C.
 * Further SIGTERMs change nothing: process managers repeat them.
 */
export function stopInTime(requests: StopRequests, options: StopOptions): void {
  const { logger, stop, abandon = () => undefined } = options;
  let startedAt: number | undefined;
  requests.handleWith((reason: StopReason) => {
    if (startedAt !== undefined) {
      const isSecond = performance.now() - startedAt > secondCtrlCAfterMs;
      if (reason === 'SIGINT' && isSecond) giveUp('Ctrl-C again: ending at once', 130);
      return;
    }
    startedAt = performance.now();
    logger.info({ signal: reason }, 'stopping: answering what is in flight');
    const giveUpAfter = setTimeout(giveUp, graceMs, 'could not stop in time: ending at once', 1);
    stop().then(
      (isClean) => {
        clearTimeout(giveUpAfter);
        logger.info('stopped');
        exitAfterFlush(logger, isClean ? 0 : 1);
      },
      (err: unknown) => {
        clearTimeout(giveUpAfter);
        logger.error({ err }, 'could not stop cleanly');
        abandon();
        exitAfterFlush(logger, 1);
      },
    );
  });

  function giveUp(message: string, code: number): void {
    logger.error(message);
    abandon();
    exitAfterFlush(logger, code);
  }
}
