/** A valid value of every feature's variables; together they enable all features. */
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../src/config/environment.js';

export const everyFeatureOn = {
  BEARER_TOKENS: 'on',
  JWT_TOKENS: 'on',
  PROFILE_SCHEMA: fileURLToPath(new URL('profile-schema.json', import.meta.url)),
  COOKIE_DEBUG: 'summary',
  COOKIE_DEBUG_UNTIL: '2026-01-31T12:30:00Z',
  DIAGNOSTICS_TOKEN: 'Zk4t8Mp0aWq2xYc7vN1sLd5hRf9gJb3e',
} as const satisfies Environment;
