/** Waiting for what comes about by itself, with patience for a busy machine. */
import { vi } from 'vitest';

/** Asks again and again until the answer is truthy, and gives it. */
export function until<T>(ask: () => T | Promise<T>): Promise<Awaited<T>> {
  return vi.waitUntil(ask, { timeout: 15_000, interval: 20 }) as Promise<Awaited<T>>;
}
