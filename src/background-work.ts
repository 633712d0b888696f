/** What runs after responses: mails and webhooks that are due, and the hourly sweep. */
import type { Database } from './db/client.js';
import { createBackgroundSweep } from './db/background-sweep.js';
import type { SweepOptions, Swept } from './db/sweep.js';
import type { Retention } from './features/sweeps.js';
import type { WaitForResponse } from './http/after-response.js';
import type { Logger } from './log/logger.js';
import type { OutboxWorker } from './outbox-worker.js';
import type { SessionLifetime } from './session/lifetime.js';

export interface BackgroundWork {
  /** Called with each request except probes. */
  readonly onRequest: (waitForResponse: WaitForResponse) => void;
  /** Resolves when the sweep that is running, if any, has ended. */
  readonly sweeping: () => Promise<void>;
}

interface Dependencies {
  readonly database: Pick<Database, 'orm' | 'pool'>;
  readonly now: () => Date;
  readonly logger: Logger;
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined;
  readonly retention: Retention;
  readonly lifetime: SessionLifetime;
  readonly recordDeletedUsers: SweepOptions['recordDeletedUsers'];
  readonly workers: readonly OutboxWorker[];
  readonly logStartupReport: () => Promise<void>;
  readonly onSwept: (swept: Swept) => void;
}

export function createBackgroundWork(dependencies: Dependencies): BackgroundWork {
  const { database, now, waitUntil, workers, logStartupReport } = dependencies;
  let sweeping: Promise<void> | undefined;
  const sweepWhenDue = createBackgroundSweep(database, dependencies);
  return {
    onRequest(waitForResponse) {
      for (const worker of workers) {
        if (worker.dueAt() <= now().getTime()) {
          waitUntil?.(waitForResponse().then(() => worker.sendDue()));
        }
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
    async sweeping() {
      await sweeping;
    },
  };
}
