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
}

export interface Canary {
  /** The one just left: 16 hexadecimal digits. */
  readonly own: string;
  /** Every canary in this database, the newest first, 200 at most; `own` among them. */
  readonly all: string[];
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
export async function leaveCanary(orm: Orm, deployment: Deployment): Promise<Canary> {
  const { baseUrl, environment } = deployment;
  const own = randomBytes(8).toString('hex');
  const row = { canary: own, baseUrl, environment, branch: neonBranch };
  await orm.insert(deploymentCanary).values(row);
  await orm.execute(prune);
  const rows = await orm
    .select({ canary: deploymentCanary.canary })
    .from(deploymentCanary)
    .orderBy(desc(deploymentCanary.leftAt))
    .limit(limits.overall);
  // Where more instances than the limit start at once, theirs may have pushed it out already.
  const others = rows.map(({ canary }) => canary).filter((canary) => canary !== own);
  return { own, all: [own, ...others].slice(0, limits.overall) };
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
