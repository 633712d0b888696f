import { defineConfig } from 'vitest/config';

/** `npm run check:vercel`: apart from `npm test`, because it builds for minutes and fetches Vercel's CLI. */
export default defineConfig({
  test: {
    include: ['tests/vercel/*.check.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 600_000,
  },
});
