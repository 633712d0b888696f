/**
 * Every environment variable of the service: what it may hold and what it means.
 * `.env.example`, the README's table and the reader in config.ts are held against this list by a test.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import { isRateLimit } from './rate-limits.js';

const text = z.string();
const postgresUrl = text.refine(
  isPostgresUrl,
  'is not a postgresql:// URL, or its password holds @, /, ? or # without percent-encoding',
);
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
/** How log lines are written; by itself `pretty` in a terminal. */
export const logFormats = ['json', 'pretty'] as const;
const cookieDebugModes = ['off', 'summary', 'raw'] as const;

/**
 * A password with one of those characters in it would end early, and its rest would count as host or database name,
 * which the start-up report shows. The real `@` then stands behind the host.
 */
function isPostgresUrl(value: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value)) return false;
  const { pathname, search, hash } = new URL(value);
  return !/[@#]/.test(pathname + search + hash);
}

/** A name whose last label is a number is an address that was written wrongly (WHATWG URL, "ends in a number"). */
function isHost(value: string): boolean {
  if (isIP(value) !== 0) return true;
  const labels = value.split('.');
  const isName = labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(label));
  return isName && value.length <= 253 && !/^\d+$/.test(labels.at(-1) ?? '');
}

function days(atMost: number) {
  const message = `is not a whole number of days from 1 to ${atMost}`;
  return text
    .refine((value) => /^\d{1,4}$/.test(value) && Number(value) >= 1, message)
    .transform(Number)
    .refine((value) => value <= atMost, message);
}

function rateLimit(preset: string) {
  const message =
    'is not a limit like 3/10s or 100/1m: tries, a slash and a time in s, m or h, a day at most';
  return text.refine(isRateLimit, message).default(preset);
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, `is none of ${values.join(', ')}`);
}

/** What an operator may set. Values of the empty string count as not set: dashboards leave them behind. */
export const operatorVariables = z.object({
  DATABASE_URL: postgresUrl.optional().describe('PostgreSQL, pooled'),
  DATABASE_URL_UNPOOLED: postgresUrl
    .optional()
    .describe('PostgreSQL without a pooler, for migrations; `DATABASE_URL` where not set'),
  DATABASE_POOL_SIZE: text
    .refine(
      (value) => /^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= 100,
      'is not a whole number from 1 to 100',
    )
    .transform(Number)
    .default(10)
    .describe('connections that one instance opens at most'),
  MIGRATE_IN_PREVIEW: oneOf(['off', 'on'])
    .default('off')
    .describe('`on` lets preview builds on Vercel migrate: their database is none of production’s'),
  BETTER_AUTH_SECRET: text.optional().describe('signs session cookies, 32 characters or more'),
  BETTER_AUTH_SECRETS: text
    .optional()
    .describe('several of them, to rotate: `2:new,1:old`; the first signs'),
  BETTER_AUTH_URL: text.optional().describe('the URL that browsers call'),
  BETTER_AUTH_TRUSTED_ORIGINS: text
    .optional()
    .describe('origins of the sites and applications that may sign users in, comma-separated'),
  PREVIEW_ORIGINS: text
    .optional()
    .describe(
      'in previews on Vercel: origins of the sites’ previews, comma-separated, each with one `*`',
    ),
  API_URLS: text
    .optional()
    .describe(
      'URLs of the APIs that take the visitor’s cookie, comma-separated: start tells where it does not reach',
    ),
  SESSION_IDLE_DAYS: days(400) // browsers keep no cookie longer (RFC 6265bis 5.5)
    .default(7)
    .describe('how long a session lasts without being used'),
  SESSION_ABSOLUTE_DAYS: days(3650)
    .default(30)
    .describe('how long after sign-in a session ends however much it is used'),
  RATE_LIMIT_SIGN_IN_PER_ADDRESS: rateLimit('3/10s') // ASVS 6.3.1
    .describe(
      'how often one address may try to sign in or up; a school behind one address: `60/10s`',
    ),
  RATE_LIMIT_SIGN_IN_PER_ACCOUNT: rateLimit('10/5m').describe(
    'how many wrong passwords one account takes, from whatever addresses',
  ),
  RATE_LIMIT_PER_ADDRESS: rateLimit('100/10s').describe(
    'how often one address may call each other endpoint under `/api/auth`',
  ),
  BEARER_TOKENS: oneOf(['off', 'on'])
    .default('off')
    .describe('`on` accepts the signed token in `Authorization: Bearer` beside the cookie'),
  JWT_TOKENS: oneOf(['off', 'on'])
    .default('off')
    .describe('`on` issues JSON Web Tokens at `/api/auth/token` and publishes their keys'),
  COOKIE_DOMAIN: text
    .optional()
    .describe('a parent domain to share the cookie with; rarely needed'),
  COOKIE_DEBUG: oneOf(cookieDebugModes)
    .default('off')
    .describe('`summary` logs each cookie masked, `raw` its value'),
  COOKIE_DEBUG_UNTIL: z.iso
    .datetime({ offset: true, error: 'is not a time like 2026-01-31T12:00:00Z' })
    .optional()
    .describe('when `COOKIE_DEBUG=raw` ends; in production at most an hour ahead'),
  DIAGNOSTICS_TOKEN: text
    // What `Authorization: Bearer` can carry (RFC 6750 2.1): no blank, quote or newline that a shell left behind.
    .regex(
      /^[A-Za-z0-9._~+/-]{32,}=*$/,
      'is not 32 or more letters, digits and -._~+/, which a header can carry',
    )
    .optional()
    .describe(
      'opens `/diagnostics`, `/metrics` and `Server-Timing` to whoever presents it; 32 characters or more, never the secret',
    ),
  LOG_LEVEL: oneOf(logLevels).default('info').describe(logLevels.join(', ')),
  LOG_FORMAT: oneOf(logFormats)
    .optional()
    .describe('json or pretty; where not set, pretty in a terminal and json elsewhere'),
  HOST: text
    .refine(isHost, 'is neither an IP address nor a host name (no scheme, port or brackets)')
    .optional()
    .describe('the address to listen on, like 127.0.0.1; all of the machine’s where not set'),
  PORT: text
    .refine((value) => /^\d{1,5}$/.test(value) && Number(value) <= 65535, 'is not a port')
    .transform(Number)
    .default(3001)
    .describe('where `npm run dev` and `npm start` listen'),
  DATA_DIR: text.default('.data').describe('where `npm run dev` keeps its database and secret'),
  CLIENT_IP_HEADER: text
    .regex(/^[a-z0-9-]+$/i, 'is not a header name')
    .optional()
    .describe(
      'the header in which your own proxy puts the client’s address; known by itself on Vercel',
    ),
});

/** What the runtime and the platform set by themselves. */
export const platformVariables = z.object({
  NODE_ENV: text.optional(),
  VERCEL: text.optional(),
  VERCEL_ENV: text.optional(),
  VERCEL_URL: text.optional(),
  VERCEL_BRANCH_URL: text.optional(),
  VERCEL_GIT_COMMIT_SHA: text.optional(),
  VERCEL_PROJECT_PRODUCTION_URL: text.optional(),
  // Each stands for a platform whose proxy hides the client's address.
  FLY_APP_NAME: text.optional(),
  CLOUDFLARE_APPLICATION_ID: text.optional(),
  RENDER: text.optional(),
  RAILWAY_PROJECT_ID: text.optional(),
  DYNO: text.optional(),
});
