import { defineConfig } from 'vitest/config';

/**
 * `npm run check:vercel`, `check:pgbouncer`, `check:redis`, `check:rotation`, `check:fuzz`, `check:slow`, `check:downgrade`,
 * `check:faults`: separate from `npm test`, because they need more than Node (Vercel's CLI, Debian's PgBouncer and Redis), more
 * than two minutes, or wait for real timeouts. Each script names its folder. The browsers' have more settings of their own.
 */
export default defineConfig({
  test: {
    include: ['tests/**/*.check.ts', 'tests/differential/*.test.ts'], // the latter with more cases than in npm test
    globalSetup: ['tests/support/global-setup.ts'],
    provide: { isUpdate: process.argv.includes('--update') },
    fileParallelism: false, // each file loads the machine by itself
    testTimeout: 120_000,
    hookTimeout: 600_000,
  },
});
