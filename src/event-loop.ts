/**
 * Whether a timeout was caused by this process being busy. While the event loop is saturated, a timer fires late, and
 * before a response waiting in a socket is read: such a timeout says nothing about the other side.
 */
import { causesOf } from './log/error-chain.js';

/** A timeout caused by this process: its event loop was saturated, or the process was suspended. */
export class ServiceBusyError extends Error {
  override readonly name = 'ServiceBusyError';
}

/** Whether this error, or one of its causes, is a ServiceBusyError. */
export function isServiceBusy(error: unknown): boolean {
  return [...causesOf(error)].some(({ name }) => name === 'ServiceBusyError');
}

/** Utilization over a shorter time is not meaningful. */
const minMeasuredMs = 200;

/** A timer later than this was delayed by work or by suspension of the process. */
const lateMs = 1_000;

/**
 * Measures the event loop from now on.
 * @returns a function to call after a timeout of `dueMs` milliseconds. Returns whether this process caused the timeout:
 *   the loop was idle for less than `freeShare` of that time, or the timer fired much too late
 */
export function watchEventLoop(): (dueMs: number, freeShare?: number) => boolean {
  const startedAt = performance.now();
  const before = performance.eventLoopUtilization();
  return (dueMs, freeShare = 0.5) => {
    const elapsedMs = performance.now() - startedAt;
    const { idle } = performance.eventLoopUtilization(before);
    return (dueMs >= minMeasuredMs && idle < dueMs * freeShare) || elapsedMs > dueMs + lateMs;
  };
}
