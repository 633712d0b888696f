import { mergeConfig } from 'vitest/config';
import checks from './vitest.checks.config.js';

/** `npm run check:browsers`. Three files at a time: two thirds of the time that one after the other takes on two cores. */
export default mergeConfig(checks, {
  test: {
    globalSetup: [
      'tests/browsers/system/hosts.ts',
      'tests/browsers/system/certificate.ts',
      'tests/browsers/system/built-sites.ts',
      'tests/browsers/engines/firefox-caches.ts',
    ],
    fileParallelism: true,
    maxWorkers: 3,
  },
});
