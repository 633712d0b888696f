/**
 * Whether a time that ran out ran out because this process was busy. A timer fires late while the event loop is full,
 * and before the answer that lies in a socket is read: such an end says nothing about who was asked.
 */
import { causesOf } from './log/error-chain.js';

/** The time was over because of this process: its event loop was full, or it did not run at all. */
export class ServiceBusyError extends Error {
  override readonly name = 'ServiceBusyError';
}

/** Whether this error, or one of its causes, is this process's own doing. */
export function isServiceBusy(error: unknown): boolean {
  return [...causesOf(error)].some(({ name }) => name === 'ServiceBusyError');
}

/** Within less the loop is busy or not by chance. */
const shortestMs = 200;

/** A timer that is later than this was held up: by work, or because the process was suspended. */
const lateMs = 1_000;

/**
 * Looks at the event loop from now on.
 * @returns tells, once a time of `dueMs` milliseconds ran out, whether it did so because of this process: the loop
 *   was free to read an answer for less than `freeShare` of it, or the end came long after it was due
 */
export function watchEventLoop(): (dueMs: number, freeShare?: number) => boolean {
  const startedAt = performance.now();
  const before = performance.eventLoopUtilization();
  return (dueMs, freeShare = 0.5) => {
    const elapsedMs = performance.now() - startedAt;
    const { idle } = performance.eventLoopUtilization(before);
    return (dueMs >= shortestMs && idle < dueMs * freeShare) || elapsedMs > dueMs + lateMs;
  };
}
