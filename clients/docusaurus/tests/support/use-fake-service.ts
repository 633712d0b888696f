/** Before each test a new fake service, and fresh module state, as after a page load; after it a clean document. */
import { cleanup } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';
import { createFakeService, type FakeService } from './fake-service.js';

/** @returns the fake service of the current test, as `service` */
export function useFakeService(): { service: FakeService } {
  const fake = { service: createFakeService() };
  beforeEach(() => {
    vi.resetModules(); // the client is one per page load
    fake.service = createFakeService();
    vi.stubGlobal('fetch', (...call: Parameters<typeof fetch>) => fake.service.fetch(...call));
  });
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });
  return fake;
}
