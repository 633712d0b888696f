/** Redis limits: attempts are counted in Redis or Valkey instead of the database. */
import { z } from 'zod';
import { isPrivateNetwork } from '../../config/database-url.js';
import { defineFeature } from '../definition.js';
import { faultOfRedisUrl, parseRedisUrl, type RedisAddress } from './redis-url.js';

export interface RedisLimitSettings {
  readonly address: RedisAddress;
}

export const redisLimits = defineFeature({
  name: 'redis-limits',
  summary: 'counts attempts in Redis or Valkey instead of PostgreSQL',
  variables: {
    REDIS_URL: z
      .string()
      .superRefine((url, context) => {
        const message = faultOfRedisUrl(url);
        if (message !== undefined) context.addIssue({ code: 'custom', message });
      })
      .optional()
      .describe(
        'where rate limits and pauses are counted, such as `rediss://:password@redis.example.com:6379/0`; by default in PostgreSQL. Sessions, mails and webhooks stay in PostgreSQL. A secret',
      ),
  },
  readSettings({ REDIS_URL: url }, _core, report): RedisLimitSettings | undefined {
    const settings = settingsFrom(url);
    if (settings === undefined) return undefined;
    const { host, isEncrypted } = settings.address;
    if (!isEncrypted && !isPrivateNetwork(host)) {
      report({
        level: 'warn',
        code: 'REDIS_NOT_ENCRYPTED',
        variable: 'REDIS_URL',
        message:
          'is redis:// on a public network, where the password can be read and counters changed',
        fix: 'use rediss://, or a private network',
      });
    }
    return settings;
  },
});

/** For a command, which must run with an environment that the service would refuse. @returns undefined if not set */
export function settingsFrom(url: string | undefined): RedisLimitSettings | undefined {
  return url === undefined || url === '' ? undefined : { address: parseRedisUrl(url) };
}
