import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    // Nothing is mocked, so files may share loaded modules: loading BetterAuth takes seconds.
    isolate: false,
    // More than there are processors: many tests wait, for a deadline or for another process.
    maxWorkers: 4,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
