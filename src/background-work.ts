/** What a request starts in the background: the startup report, and mails, webhooks and sweeps that are due. Each waits for the response. */
import type { LazyAuth } from './auth/lazy-auth.js';
import type { WaitForResponse } from './http/after-response.js';
import type { Logger } from './log/logger.js';
import type { OutboxWorker } from './outbox-worker.js';

interface BackgroundWorkOptions {
  readonly logger: Logger;
  readonly now: () => Date;
  /** Keeps the process running until the promise settles, on platforms that suspend it between requests. */
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined;
  /** Of mails and webhooks. */
  readonly outboxes: readonly OutboxWorker[];
  readonly auth: Pick<LazyAuth, 'load'>;
  readonly logStartupReport: () => Promise<void>;
  readonly sweepWhenDue: (responseSent: () => Promise<void>) => Promise<void> | undefined;
}

interface BackgroundWork {
  /** To call with each request except probes. */
  readonly onRequest: (waitForResponse: WaitForResponse) => void;
  /** To call with the first request. */
  readonly onFirstRequest: (responseSent: Promise<unknown>) => void;
  /** The sweep that a request has started last. */
  readonly sweeping: () => Promise<void> | undefined;
}

export function createBackgroundWork(options: BackgroundWorkOptions): BackgroundWork {
  const { logger, now, waitUntil, outboxes, auth, logStartupReport, sweepWhenDue } = options;
  let sweeping: Promise<void> | undefined;
  const logNotLoaded = (err: unknown) => {
    logger.error({ err, fix: 'redeploy all files of the build' }, 'BetterAuth cannot be loaded');
  };
  return {
    onRequest(waitForResponse) {
      for (const outbox of outboxes) {
        if (outbox.dueAt() > now().getTime()) continue;
        waitUntil?.(waitForResponse().then(() => outbox.sendDue()));
      }
      // After the report, so that a cold start opens one connection for both.
      const work = sweepWhenDue(async () => {
        await waitForResponse();
        await logStartupReport();
      });
      if (work === undefined) return;
      sweeping = work;
      waitUntil?.(work);
    },
    onFirstRequest(responseSent) {
      const work = responseSent.then(async () => {
        await Promise.all([logStartupReport(), auth.load().catch(logNotLoaded)]);
      });
      // Called now, because the platform accepts it only while the request is being handled.
      waitUntil?.(work);
    },
    sweeping: () => sweeping,
  };
}
