/**
 * All environment variables of the service: schema and description.
 * `npm run docs` generates `.env.example` and the table in docs/configuration.md from it.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import { logFormats } from '../log/log-formats.js';
import { featureVariables, variableFamilies } from './features.js';
import { defaultNetworkLimit, isPauseRule, isRateLimit } from './rate-limits.js';
import { nameInFamily } from './variable-family.js';
import { postgresUrl } from './postgres-url.js';
import { days, oneOf, onOff } from './variable-types.js';

const text = z.string();
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** A name whose last label is a number is an invalid address (WHATWG URL, "ends in a number"). */
function isHost(value: string): boolean {
  if (isIP(value) !== 0) return true;
  const labels = value.split('.');
  const isName = labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(label));
  return isName && value.length <= 253 && !/^\d+$/.test(labels.at(-1) ?? '');
}

const rateLimit = text.refine(
  isRateLimit,
  'is not a limit such as 3/10s or 100/1m: requests, a slash and a time in s, m or h, at most a day',
);

/** The variables of the core. */
export const coreVariables = z.object({
  DATABASE_URL: postgresUrl
    .optional()
    .describe(
      'PostgreSQL connection string; at Neon the pooled one. Percent-encode `@ / ? #` in the password: `%40 %2F %3F %23`',
    ),
  DATABASE_URL_UNPOOLED: postgresUrl
    .optional()
    .describe(
      'direct connection string for migrations, which need a lock that a pooler does not keep; falls back to `DATABASE_URL`',
    ),
  DATABASE_POOL_SIZE: text
    .refine(
      (value) => /^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= 100,
      'is not a whole number from 1 to 100',
    )
    .transform(Number)
    .default(10)
    .describe('maximum number of database connections per instance'),
  MIGRATE_IN_PREVIEW: onOff.describe(
    '`on` lets preview builds on Vercel migrate; only for a database that production does not use',
  ),
  BETTER_AUTH_SECRET: text
    .optional()
    .describe(
      'signs session cookies; at least 32 characters, such as the output of `openssl rand -base64 32`. The API needs no copy',
    ),
  BETTER_AUTH_SECRETS: text
    .optional()
    .describe(
      'several secrets instead of one, to rotate them: `2:new,1:old`; the first one signs, all verify',
    ),
  BETTER_AUTH_URL: text
    .optional()
    .describe('public URL of this service, such as `https://auth.example.com`'),
  BETTER_AUTH_TRUSTED_ORIGINS: text
    .optional()
    .describe(
      'origins of the sites and apps that may sign users in, comma-separated, such as `https://docs.example.com`',
    ),
  SITE_PAGES: text
    .optional()
    .describe(
      'exact URLs of the sites’ pages that finish mailed links, comma-separated, one for each origin, such as `https://docs.example.com/auth/confirm`; other origins get the service’s own page `/confirm`',
    ),
  PREVIEW_ORIGINS: text
    .optional()
    .describe(
      'in Vercel previews: origins of the sites’ own previews, comma-separated, each with one `*`, such as `https://docs-*-myteam.vercel.app`',
    ),
  API_URLS: text
    .optional()
    .describe(
      'URLs of the APIs that receive the user’s cookie, comma-separated; startup warns about any the cookie cannot reach',
    ),
  SESSION_IDLE_DAYS: days(400) // browsers keep no cookie longer (RFC 6265bis 5.5)
    .default(7)
    .describe('days until an unused session expires'),
  SESSION_ABSOLUTE_DAYS: days(3650)
    .default(30)
    .describe('days from sign-in until a session expires, however often it is used'),
  LIMIT_PAUSE: text
    .refine(
      isPauseRule,
      'is not a rule such as 3/10s/15m: wrong passwords, the first pause and the longest one, at most a day',
    )
    .default('3/10s/15m')
    .describe(
      'wrong passwords for one account from one network before it must wait, the first wait, which doubles each time, and the longest',
    ),
  LIMIT_NETWORK: rateLimit
    .optional()
    .describe(
      `wrong passwords per client address; if unset, \`RATE_LIMIT_SIGN_IN_PER_ADDRESS\` if that is set, otherwise \`${defaultNetworkLimit}\``,
    ),
  RATE_LIMIT_SIGN_IN_PER_ADDRESS: rateLimit
    .default('3/10s')
    .describe(
      'attempts to sign up, confirm an address, ask for a mail or sign in without a password, per client address; for a school behind one address: `60/10s`',
    ),
  // At most 70 in any hour: two windows overlap it.
  RATE_LIMIT_SIGN_IN_PER_ACCOUNT: rateLimit
    .default('10/10m')
    .describe('wrong passwords per account, from all unknown networks together'),
  RATE_LIMIT_PER_ADDRESS: rateLimit
    .default('100/10s')
    .describe('requests per client address to each other endpoint under `/api/auth`'),
  COOKIE_DOMAIN: text
    .optional()
    .describe('parent domain to share the cookie with, such as `example.com`; rarely needed'),
  LOG_LEVEL: oneOf(logLevels).default('info').describe(logLevels.join(', ')),
  LOG_FORMAT: oneOf(logFormats)
    .optional()
    .describe('`json` or `pretty`; if unset, pretty in a terminal and json elsewhere'),
  HOST: text
    .refine(isHost, 'is neither an IP address nor a host name (no scheme, port or brackets)')
    .optional()
    .describe(
      'address to listen on, such as 127.0.0.1 behind a proxy on the same machine; if unset, all addresses',
    ),
  PORT: text
    .refine((value) => /^\d{1,5}$/.test(value) && Number(value) <= 65535, 'is not a port')
    .transform(Number)
    .default(3001)
    .describe('port of `npm run dev` and `npm start`'),
  DATA_DIR: text.default('.data').describe('where `npm run dev` keeps its database and secret'),
  CLIENT_IP_HEADER: text
    .regex(/^[a-z0-9-]+$/i, 'is not a header name')
    .optional()
    .describe(
      'header in which your reverse proxy sends the client’s address; detected automatically on Vercel',
    ),
});

/** Variables that operators set. An empty value counts as not set, because some dashboards leave empty values. */
export const operatorVariables: z.ZodObject<Record<string, z.ZodType>> = z.object({
  ...coreVariables.shape,
  ...featureVariables,
});

/** Whether operators set this variable: it has this name, or belongs to a family. */
export function isOperatorVariable(name: string): boolean {
  const isInFamily = (pattern: string) => nameInFamily(pattern, name) !== undefined;
  return name in operatorVariables.shape || Object.keys(variableFamilies).some(isInFamily);
}

/** Variables that the runtime and the platform set. */
export const platformVariables = z.object({
  NODE_ENV: text.optional(),
  VERCEL: text.optional(),
  VERCEL_ENV: text.optional(),
  VERCEL_URL: text.optional(),
  VERCEL_BRANCH_URL: text.optional(),
  VERCEL_GIT_COMMIT_SHA: text.optional(),
  VERCEL_PROJECT_PRODUCTION_URL: text.optional(),
  // Each identifies a platform whose proxy hides the client's address.
  FLY_APP_NAME: text.optional(),
  CLOUDFLARE_APPLICATION_ID: text.optional(),
  RENDER: text.optional(),
  RAILWAY_PROJECT_ID: text.optional(),
  DYNO: text.optional(),
});
