/** Shuts the process down gracefully on request, and within a grace period even if something hangs. */
import { exitAfterFlush } from './log/exit.js';
import type { Logger } from './log/logger.js';
import type { StopReason, StopRequests } from './stop-request.js';

/**
 * Maximum time from the first signal to the exit. docs/stopping.md asks operators to allow more than this: requests in
 * flight have 15 s (listen.ts), the rest is for the database and the log.
 */
export const graceMs = 20_000;

/** npm forwards a Ctrl-C that the terminal has already sent to this process; a person's second one comes later. */
const secondCtrlCAfterMs = 1_000;

export interface StopOptions {
  readonly logger: Logger;
  /** Stops everything gracefully. @returns whether nothing was aborted */
  readonly stop: () => Promise<boolean>;
  /** Immediate cleanup if `stop` fails or times out. */
  readonly abandon?: () => void;
}

/**
 * Exits with 0 if nothing was aborted, with 1 if something was or `stop` failed, with 130 at a second Ctrl-C.
 * Further SIGTERMs are ignored: process managers repeat them.
 */
export function shutDownGracefully(requests: StopRequests, options: StopOptions): void {
  const { logger, stop, abandon = () => undefined } = options;
  let startedAt: number | undefined;
  requests.handleWith((reason: StopReason) => {
    if (startedAt !== undefined) {
      const isSecond = performance.now() - startedAt > secondCtrlCAfterMs;
      if (reason === 'SIGINT' && isSecond) giveUp('second Ctrl-C: exiting immediately', 130);
      return;
    }
    startedAt = performance.now();
    logger.info({ signal: reason }, 'stopping: finishing requests in flight');
    const giveUpAfter = setTimeout(
      giveUp,
      graceMs,
      'could not stop within the grace period: exiting immediately',
      1,
    );
    stop().then(
      (isClean) => {
        clearTimeout(giveUpAfter);
        logger.info('stopped');
        exitAfterFlush(logger, isClean ? 0 : 1);
      },
      (err: unknown) => {
        clearTimeout(giveUpAfter);
        logger.error({ err }, 'shutdown failed');
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
