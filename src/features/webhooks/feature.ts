/** Webhooks: events of accounts for other systems, signed, retried and in the order of each user. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isPrivateNetwork } from '../../config/database-url.js';
import { defineFeature } from '../definition.js';

export interface WebhookSettings {
  readonly endpoints: readonly Endpoint[];
  readonly secret: string;
}

export interface Endpoint {
  readonly url: string;
  /** Names it in the database. */
  readonly hash: string;
}

const maxEndpoints = 5;

export const webhooks = defineFeature({
  name: 'webhooks',
  summary: 'sends events such as deletions and locks to other systems',
  variables: {
    WEBHOOK_URLS: z
      .string()
      .refine(
        (value) => readUrls(value) !== undefined,
        `is not a comma-separated list of at most ${maxEndpoints} https:// URLs`,
      )
      .optional()
      .describe(
        'where events such as deletions and locks are posted, comma-separated; signed as Standard Webhooks specifies, retried for three days, in the order of each user',
      ),
    WEBHOOK_SECRET: z
      .string()
      .regex(
        /^(?:whsec_)?[A-Za-z0-9+/]{32,}={0,2}$/,
        'is not base64 of at least 24 bytes: openssl rand -base64 32',
      )
      .optional()
      .describe('signs the requests to `WEBHOOK_URLS`: base64, at least 24 bytes'),
  },
  readSettings(
    { WEBHOOK_URLS: urls, WEBHOOK_SECRET: secret },
    { isSet },
    report,
  ): WebhookSettings | undefined {
    if (urls === undefined) {
      if (secret !== undefined && !isSet('WEBHOOK_URLS')) report(secretUnused);
      return undefined;
    }
    if (secret === undefined) {
      if (!isSet('WEBHOOK_SECRET')) report(secretMissing);
      return undefined;
    }
    return { endpoints: (readUrls(urls) ?? []).map(toEndpoint), secret };
  },
  startupFields: (settings) => ({
    webhooks: (settings?.endpoints ?? []).map(({ url }) => new URL(url).host).join(', ') || 'none',
  }),
});

const secretMissing = {
  level: 'error',
  code: 'WEBHOOK_SECRET_MISSING',
  variable: 'WEBHOOK_SECRET',
  message: 'is not set, so receivers could not know who sent the events',
  fix: 'set one for both sides: openssl rand -base64 32',
} as const;

const secretUnused = {
  level: 'warn',
  code: 'WEBHOOK_SECRET_UNUSED',
  variable: 'WEBHOOK_SECRET',
  message: 'has no effect: WEBHOOK_URLS is not set',
  fix: 'set WEBHOOK_URLS, or remove the secret',
} as const;

/** For a command, which must run with an environment that the service would refuse. */
export function endpointsFrom(urls = ''): readonly Endpoint[] {
  return urls === '' ? [] : (readUrls(urls) ?? []).map(toEndpoint);
}

function readUrls(value: string): string[] | undefined {
  const urls = value.split(',').map((url) => url.trim());
  return urls.length <= maxEndpoints && urls.every(isWebhookUrl) ? urls : undefined;
}

function isWebhookUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, hash } = new URL(value);
  const isAllowed = protocol === 'https:' || (protocol === 'http:' && isPrivateNetwork(hostname));
  return isAllowed && username === '' && hash === '';
}

function toEndpoint(url: string): Endpoint {
  return { url, hash: createHash('sha256').update(url).digest('hex').slice(0, 32) };
}
