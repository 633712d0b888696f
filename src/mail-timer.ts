/** Sends due mails where a process keeps running: on Vercel requests and the cron route do that instead. */
import type { MailWorker } from './mailer.js';

/** Only a comparison; the database is asked when a mail is due. */
const checkMs = 1_000;

/** @returns stops the timer and waits for the mails that are being sent */
export function startMailTimer(
  mailer: MailWorker | undefined,
  now: () => Date,
): () => Promise<void> {
  if (mailer === undefined) return () => Promise.resolve();
  const timer = setInterval(() => {
    if (mailer.dueAt() <= now().getTime()) void mailer.sendDue();
  }, checkMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await mailer.close();
  };
}
