/** Retries a read once when the connection was lost during the query. Only for reads, so nothing is written twice. */
import { causesOf, sqlState } from '../log/error-chain.js';

/** Errors from failed connection attempts; connect-with-retry.ts has already retried those. */
const connectErrors = new WeakSet<object>();

/** Marks an error as raised while connecting; the driver uses the same errors for a statement in flight. */
export function markConnectError(error: unknown): void {
  if (error instanceof Error) connectErrors.add(error);
}

/**
 * Whether the connection was lost while the statement ran, for example because the server restarted or a pooler closed
 * it. False for refused connections and timeouts: a retry would fail the same way or have no time left.
 */
export function isDisconnect(error: unknown): boolean {
  const chain = [...causesOf(error)];
  if (chain.some((one) => connectErrors.has(one))) return false;
  // admin_shutdown, crash_shutdown, and connection failures that the server or pooler could still report
  if (/^(?:57P01|57P02|57P05|08006|08003)$/.test(sqlState(error) ?? '')) return true;
  return chain.some((one) => {
    const { code } = one as Error & { code?: unknown };
    return (
      code === 'ECONNRESET' ||
      code === 'EPIPE' ||
      /^Connection terminated(?: unexpectedly)?$/.test(one.message)
    );
  });
}

/** Wraps a read so that it runs a second time if its connection was lost. Other errors are rethrown unchanged. */
export function retryRead<Args extends unknown[], Result>(
  read: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async function readWithRetry(...args) {
    try {
      return await read(...args);
    } catch (error) {
      if (!isDisconnect(error)) throw error;
      return read(...args);
    }
  };
}
