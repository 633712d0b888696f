/** Sends what waits in an outbox in the database, such as mails and webhooks. */
export interface OutboxWorker {
  /** Sends what is due; resolves when nothing is left that is due. Never rejects: failures are logged and retried. */
  sendDue(): Promise<unknown>;
  /** When `sendDue` should be called next, in milliseconds since the epoch; Infinity while it runs. */
  dueAt(): number;
  /** Waits for what is being sent, then closes connections. */
  close(): Promise<void>;
}
