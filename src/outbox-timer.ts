/** Sends what waits in outboxes where a process keeps running: on Vercel requests and the cron route do that instead. */
import type { OutboxWorker } from './outbox-worker.js';

/** Only a comparison; the database is asked when something is due. */
const checkMs = 1_000;

/** @returns stops the timer and waits for what is being sent */
export function startOutboxTimer(
  workers: readonly OutboxWorker[],
  now: () => Date,
): () => Promise<void> {
  if (workers.length === 0) return () => Promise.resolve();
  const timer = setInterval(() => {
    for (const worker of workers) if (worker.dueAt() <= now().getTime()) void worker.sendDue();
  }, checkMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await Promise.all(workers.map((worker) => worker.close()));
  };
}
