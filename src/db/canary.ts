/**
 * Tells databases apart. A constant id would not: a Neon branch begins as a copy of its parent, rows and all. So each
 * deployment leaves a canary that did not exist before; another deployment that sees it reads the same database, and
 * one on a copy that was made earlier does not.
 */
import { randomBytes } from 'node:crypto';
import { desc, sql } from 'drizzle-orm';
import type { Orm } from './client.js';
import { deploymentCanary } from './schema.js';

/** Who leaves it: instances of one deployment leave theirs under the same. */
export interface Deployment {
  readonly baseUrl: string;
  readonly environment: string;
  /** What describeCookie says of its session cookie. */
  readonly cookiePolicy?: string;
  /** Fingerprints of the secrets it verifies with, the one that signs first. */
  readonly secrets: readonly string[];
}

/** Another instance, or the one before, whose sessions this one does not know, or which does not know ours. */
export interface OtherSecret {
  readonly fingerprint: string;
  readonly leftAt: Date;
}

export interface Canary {
  /** The one just left: 16 hexadecimal digits. */
  readonly own: string;
  /** Every canary in this database, the newest first, 200 at most; `own` among them. */
  readonly all: string[];
  /** Of the last start before this one, and of all within a day; one for each secret. */
  readonly otherSecrets: OtherSecret[];
}

const limits = { perDeployment: 20, overall: 200, days: 30 };

/** Neon tells the branch in a setting of the server's; elsewhere there is none (compute_tools/src/config.rs of Neon). */
export const neonBranch = sql<string | null>`nullif(current_setting('neon.branch_id', true), '')`;

/**
 * Leaves a fresh canary and reads all that are there: at start, and when an operator asks, never for a visitor.
 *
 * Whether deployments A and B read one database: let A leave one, then B; they do if B's `all` holds A's `own`,
 * which stays there through the next twenty starts of A.
 * @throws what the driver throws, as on a database that takes no writes
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
      // A branch made from this one holds its rows too, and they are no instances of the deployment here.
      isHere: sql<boolean>`${deploymentCanary.branch} is not distinct from ${neonBranch}`,
    })
    .from(deploymentCanary)
    .orderBy(desc(deploymentCanary.leftAt))
    .limit(limits.overall);
  // Where more instances than the limit start at once, theirs may have pushed it out already.
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
 * Where one knows the other's secret it is a rotation under way, or one that is over where an instance that started
 * later knew both. The last one counts whatever its age: it may run still, or everybody whom it signed in is signed
 * out by this one.
 * @param instances the newest first
 */
function findOtherSecrets(own: readonly string[], instances: readonly Instance[]): OtherSecret[] {
  const current = own[0] ?? '';
  const found = new Map<string, OtherSecret>();
  const later = [own];
  for (const [at, { secrets, leftAt, isRecent }] of instances.entries()) {
    const theirs = secrets?.split(',') ?? [];
    const [fingerprint] = theirs;
    // An older version of the service left none.
    if (fingerprint === undefined || (at > 0 && !isRecent)) continue;
    later.push(theirs);
    const isRotation = later.some((list) => list.includes(current) && list.includes(fingerprint));
    if (!isRotation && !found.has(fingerprint)) found.set(fingerprint, { fingerprint, leftAt });
  }
  return [...found.values()];
}

/**
 * Previews come and go, each with a URL of its own, and functions start often. The newest of each production stays
 * whatever its age: `npm run db:migrate` knows production's database by it. Rows that another start removes just now
 * are passed over, because two starts that wait for each other's would both fail.
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
