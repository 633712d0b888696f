/** Waiting for what comes about by itself, with patience for a busy machine. */
import { vi } from 'vitest';

/** Asks again and again until the answer is truthy, and gives it. */
export function until<T>(ask: () => T | Promise<T>) {
  return vi.waitUntil(ask, { timeout: 60_000, interval: 20 });
}
