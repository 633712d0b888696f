import { defineConfig } from 'vitest/config';

/** `npm run check:pgbouncer`: apart from `npm test`, because it needs Debian's package `pgbouncer`. */
export default defineConfig({
  test: {
    include: ['tests/pgbouncer/*.check.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
