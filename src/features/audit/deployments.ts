/**
 * Records which versions of the service have started, and which settings that decide over sessions differ from the last
 * ones: "since COOKIE_DOMAIN changed" is an answer that no single request has. Secrets are stored as fingerprints.
 */
import { createHash } from 'node:crypto';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Config } from '../../config/config.js';
import { secretFingerprint } from '../../config/secrets.js';
import type { Orm, OrmOrTransaction } from '../../db/client.js';
import { version } from '../../version.js';
import { auditEvent } from './tables.js';

/** Name of the variable, or of what follows from several → value. */
type Settings = Readonly<Record<string, string>>;

/**
 * Adds a `deployment` for a version, commit and base URL that starts for the first time, otherwise a
 * `configuration_change` where settings differ. Of instances that start at once, one writes it.
 * @throws what the driver throws
 */
export async function recordDeployment(orm: Orm, config: Config, now: Date): Promise<void> {
  const { baseUrl, environment, commit = null } = config;
  const settings = settingsOf(config);
  const deployment = { version, commit, environment, baseUrl };
  const id = createHash('sha256').update(JSON.stringify(deployment)).digest('hex').slice(0, 32);
  await orm.transaction(async (tx) => {
    const lock = `deployment of ${baseUrl}`;
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`);
    const last = await findLast(tx, baseUrl, environment);
    const from = last && parse(last.settings as readonly string[]);
    const isKnown = await tx
      .select({ id: auditEvent.id })
      .from(auditEvent)
      .where(and(eq(auditEvent.kind, 'deployment'), eq(auditEvent.id, id)))
      .limit(1);
    const common = { at: now, outcome: 'success', actor: 'system' } as const;
    if (isKnown.length === 0) {
      const details = { ...deployment, settings: lines(settings) };
      await tx.insert(auditEvent).values({ ...common, id, kind: 'deployment', details });
    }
    const changed = from === undefined ? [] : differences(from, settings);
    if (from === undefined || changed.length === 0) return;
    await tx.insert(auditEvent).values({
      ...common,
      id: `${id}-${now.getTime()}`,
      kind: 'configuration_change',
      details: {
        baseUrl,
        environment,
        changed,
        from: lines(from, changed),
        to: lines(settings, changed),
        settings: lines(settings),
      },
    });
  });
}

async function findLast(tx: OrmOrTransaction, baseUrl: string, environment: string) {
  const ofDeployment = and(
    inArray(auditEvent.kind, ['deployment', 'configuration_change']),
    sql`${auditEvent.details} ->> 'baseUrl' = ${baseUrl}`,
    sql`${auditEvent.details} ->> 'environment' = ${environment}`,
  );
  const [row] = await tx
    .select({ details: auditEvent.details })
    .from(auditEvent)
    .where(ofDeployment)
    .orderBy(desc(auditEvent.at), desc(auditEvent.kind))
    .limit(1);
  return row?.details ?? undefined;
}

function settingsOf(config: Config): Settings {
  const { keyRing, cookies, sessionLifetime, rateLimits, features } = config;
  const { hostname, pathname } = new URL(config.databaseUrl);
  const enabled = Object.entries(features).filter(([, settings]) => settings !== undefined);
  return {
    [keyRing.variable]: [keyRing.current, ...keyRing.previous].map(secretFingerprint).join(),
    BETTER_AUTH_TRUSTED_ORIGINS: [...config.trustedOrigins, ...config.originPatterns].join(),
    COOKIE_DOMAIN: cookies.domain ?? '',
    'cookie name': cookies.sessionCookieName,
    'cookie SameSite': cookies.sameSite,
    'cookie Partitioned': String(cookies.partitioned),
    SESSION_IDLE_DAYS: String(sessionLifetime.idleSeconds / 86_400),
    SESSION_ABSOLUTE_DAYS: String(sessionLifetime.absoluteSeconds / 86_400),
    CLIENT_IP_HEADER: config.clientIpHeader ?? '',
    DATABASE_URL: `${hostname}${pathname}`,
    features: enabled.map(([name]) => name).join(),
    limits: JSON.stringify(rateLimits),
  };
}

/** Also names that only one of them has: another variable may hold the secrets. */
function differences(from: Settings, to: Settings): string[] {
  const names = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...names].filter((name) => from[name] !== to[name]);
}

/** As `NAME=value`, which a story can show. */
function lines(settings: Settings, names = Object.keys(settings)): string[] {
  return names.flatMap((name) =>
    settings[name] === undefined ? [] : [`${name}=${settings[name]}`],
  );
}

function parse(all: readonly string[]): Settings {
  const pairs = all.map((line) => {
    const split = line.indexOf('=');
    return [line.slice(0, split), line.slice(split + 1)];
  });
  return Object.fromEntries(pairs) as Settings;
}
