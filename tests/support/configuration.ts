/** Reads configurations and their findings without starting a service. */
import { readConfig } from '../../src/config/config.js';
import type { Environment } from '../../src/config/environment.js';
import { ConfigurationError, type Finding } from '../../src/config/finding.js';

/** The current time in tests of the configuration. */
export const testNow = new Date('2026-01-31T12:00:00Z');

/** A valid deployment without findings. */
export const validEnvironment: Environment = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://auth:word@ep-quiet-pooler.neon.tech/auth?sslmode=require',
  BETTER_AUTH_SECRET: 'mK4t8Zp0aWq2xYc7vN1sLd5hRf9gJb3e',
  BETTER_AUTH_URL: 'https://auth.example.com',
  BETTER_AUTH_TRUSTED_ORIGINS: 'https://www.example.com',
};

/** The findings of `validEnvironment` with these changes; undefined removes a variable. */
export function findingsOf(changes: Environment): readonly Finding[] {
  try {
    return readConfig({ ...validEnvironment, ...changes }, testNow).findings;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.findings;
    throw error;
  }
}

/** The same findings as `level code variable`. */
export function findingCodes(changes: Environment): string[] {
  return findingsOf(changes).map(codeOf);
}

export function codeOf({ level, code, variable }: Finding): string {
  return `${level} ${code} ${variable}`;
}
