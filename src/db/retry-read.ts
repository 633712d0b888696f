/** Asks a second time what only reads, where the connection was cut under the first: nothing is done twice by it. */
import { causesOf, sqlState } from '../log/error-chain.js';

/** Errors of connections that never came about: patient-connect.ts has tried them again already. */
const connectErrors = new WeakSet<object>();

/** Tells an error of connecting from the same one under a statement. */
export function markConnectError(error: unknown): void {
  if (error instanceof Error) connectErrors.add(error);
}

/**
 * Whether the connection broke while the statement ran, as when the server restarts or a pooler closes it. A refused
 * connection is none, nor is a time that was over: another try would find the same, or find no time left.
 */
export function isDisconnect(error: unknown): boolean {
  const chain = [...causesOf(error)];
  if (chain.some((one) => connectErrors.has(one))) return false;
  // admin_shutdown, crash_shutdown, connection failures that a server or pooler still could tell
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

/** The same question, asked once more where the connection was cut; every other error is thrown as it came. */
export function retryRead<Args extends unknown[], Result>(
  ask: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async function askTwice(...args) {
    try {
      return await ask(...args);
    } catch (error) {
      if (!isDisconnect(error)) throw error;
      return ask(...args);
    }
  };
}
