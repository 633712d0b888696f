/** Waits for an asynchronous condition, with a generous timeout for a busy machine. */
import { vi } from 'vitest';

/** Polls until the result is truthy, and returns it. */
export function until<T>(ask: () => T | Promise<T>) {
  return vi.waitUntil(ask, { timeout: 60_000, interval: 20 });
}
