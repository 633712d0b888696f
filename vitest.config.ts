import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    // Nothing is mocked, so files may share loaded modules: loading BetterAuth takes seconds.
    isolate: false,
    maxWorkers: 4, // two cores suffice: much of the time a test waits for a process or a timeout
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
