/**
 * Distinguishes databases. A constant id cannot: a Neon branch starts as a copy of its parent, including its rows. So
 * each deployment writes a new random canary. A deployment that sees another's canary uses the same database; one on a
 * copy made earlier does not see it.
 */
import { randomBytes } from 'node:crypto';
import { desc, sql } from 'drizzle-orm';
import type { Orm } from './client.js';
import { deploymentCanary } from './schema.js';

/** Identifies the deployment that writes a canary; all its instances use the same values. */
export interface Deployment {
  readonly baseUrl: string;
  readonly environment: string;
  /** Its session cookie, as described by `describeCookie`. */
  readonly cookiePolicy?: string;
  /** Fingerprints of the secrets it verifies with; the signing secret comes first. */
  readonly secrets: readonly string[];
}

/** A secret of another (or the previous) instance, where one of the two instances does not accept the other's sessions. */
export interface OtherSecret {
  readonly fingerprint: string;
  readonly leftAt: Date;
}

export interface Canary {
  /** The one just written: 16 hexadecimal digits. */
  readonly own: string;
  /** Every canary in this database, newest first, at most 200; includes `own`. */
  readonly all: string[];
  /** From the previous start and from all starts within a day, one entry per secret. */
  readonly otherSecrets: OtherSecret[];
}

const limits = { perDeployment: 20, overall: 200, days: 30 };

/** Neon exposes the branch id as a server setting (compute_tools/src/config.rs of Neon); null on other hosts. */
export const neonBranch = sql<string | null>`nullif(current_setting('neon.branch_id', true), '')`;

/**
 * Writes a new canary and returns all existing ones. Runs at startup and on an operator's request, never on a visitor's.
 *
 * To check whether deployments A and B share a database: write a canary from A, then from B. They share it if B's `all`
 * contains A's `own`, which is kept for the next twenty starts of A.
 * @throws the driver's error, for example when the database is read-only
 */
export async function writeCanary(orm: Orm, deployment: Deployment): Promise<Canary> {
  const { baseUrl, environment, cookiePolicy, secrets } = deployment;
  const own = randomBytes(8).toString('hex');
  const row = {
    canary: own,
    baseUrl,
    environment,
    branch: neonBranch,
    cookiePolicy,
    secrets: secrets.join(),
  };
  await orm.insert(deploymentCanary).values(row);
  await orm.execute(prune);
  const rows = await orm
    .select({
      canary: deploymentCanary.canary,
      baseUrl: deploymentCanary.baseUrl,
      environment: deploymentCanary.environment,
      secrets: deploymentCanary.secrets,
      leftAt: deploymentCanary.leftAt,
      isRecent: sql<boolean>`${deploymentCanary.leftAt} > now() - interval '1 day'`,
      // A Neon branch also contains its parent's rows; they do not describe instances that use this branch.
      isHere: sql<boolean>`${deploymentCanary.branch} is not distinct from ${neonBranch}`,
    })
    .from(deploymentCanary)
    .orderBy(desc(deploymentCanary.leftAt))
    .limit(limits.overall);
  // If more instances than the limit start at once, their rows may already have displaced this one.
  const others = rows.map(({ canary }) => canary).filter((canary) => canary !== own);
  const instances = rows.filter(
    (one) =>
      one.canary !== own &&
      one.isHere &&
      one.baseUrl === baseUrl &&
      one.environment === environment,
  );
  return {
    own,
    all: [own, ...others].slice(0, limits.overall),
    otherSecrets: findOtherSecrets(secrets, instances),
  };
}

interface Instance {
  readonly secrets: string | null;
  readonly leftAt: Date;
  readonly isRecent: boolean;
}

/**
 * Ignores secrets that are part of a rotation: one instance accepts the other's secret, or an instance that started
 * later accepted both. The most recent instance counts regardless of its age: it may still be running, and otherwise
 * this instance rejects every session it created.
 * @param instances newest first
 */
function findOtherSecrets(own: readonly string[], instances: readonly Instance[]): OtherSecret[] {
  const current = own[0] ?? '';
  const found = new Map<string, OtherSecret>();
  const later = [own];
  for (const [at, { secrets, leftAt, isRecent }] of instances.entries()) {
    const theirs = secrets?.split(',') ?? [];
    const [fingerprint] = theirs;
    // Older versions of the service stored no fingerprints.
    if (fingerprint === undefined || (at > 0 && !isRecent)) continue;
    later.push(theirs);
    const isRotation = later.some((list) => list.includes(current) && list.includes(fingerprint));
    if (!isRotation && !found.has(fingerprint)) found.set(fingerprint, { fingerprint, leftAt });
  }
  return [...found.values()];
}

/**
 * Each preview has its own URL, and serverless functions start often, so old canaries are deleted. The newest canary of
 * each production deployment is always kept: `npm run db:migrate` recognises production's database by it. Rows that
 * another start is deleting are skipped, because two starts that lock each other's rows would deadlock.
 */
const prune = sql`
  delete from deployment_canary where canary in (
    select canary from deployment_canary where canary in (
      select canary from (
        select canary, environment, left_at,
          row_number() over (partition by base_url, environment, branch order by left_at desc) as place,
          row_number() over (order by left_at desc) as place_overall
        from deployment_canary
      ) as ranked
      where place > ${limits.perDeployment} or (
        (place_overall > ${limits.overall} or left_at < now() - make_interval(days => ${limits.days}))
        and not (environment = 'production' and place = 1)
      )
    ) for update skip locked
  )`;
