/** Reads configurations without starting anything: what is found, and what comes out. */
import { readConfig } from '../../src/config/config.js';
import type { Environment } from '../../src/config/environment.js';
import { ConfigurationError, type Finding } from '../../src/config/finding.js';

/** When the tests of the configuration take place. */
export const testNow = new Date('2026-01-31T12:00:00Z');

/** A deployment that has nothing to complain about. */
export const soundEnvironment: Environment = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://auth:word@ep-quiet-pooler.neon.tech/auth?sslmode=require',
  BETTER_AUTH_SECRET: 'mK4t8Zp0aWq2xYc7vN1sLd5hRf9gJb3e',
  BETTER_AUTH_URL: 'https://auth.example.com',
  BETTER_AUTH_TRUSTED_ORIGINS: 'https://www.example.com',
};

/** Everything found in `soundEnvironment` with these changes; undefined takes a variable away. */
export function findingsOf(changes: Environment): readonly Finding[] {
  try {
    return readConfig({ ...soundEnvironment, ...changes }, testNow).findings;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.findings;
    throw error;
  }
}

/** The same as `level code variable`, a line each. */
export function findingCodes(changes: Environment): string[] {
  return findingsOf(changes).map(({ level, code, variable }) => `${level} ${code} ${variable}`);
}
