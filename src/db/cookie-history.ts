/** Which cookie the earlier starts of this deployment gave to browsers, as their canaries tell. */
import { and, desc, eq, gt, ne, sql } from 'drizzle-orm';
import type { Orm } from './client.js';
import type { Deployment } from './canary.js';
import { deploymentCanary } from './schema.js';

export interface EarlierCookie {
  /** What describeCookie said of it. */
  readonly policy: string;
  /** When it was last in use at a start. */
  readonly usedAt: Date;
}

/**
 * The last other cookie of this host and environment, where browsers may still hold it.
 * @param lifetimeSeconds how long a cookie lives in a browser
 * @throws what the driver throws
 */
export async function findEarlierCookie(
  orm: Orm,
  { baseUrl, environment, cookiePolicy = '' }: Deployment,
  lifetimeSeconds: number,
): Promise<EarlierCookie | undefined> {
  const table = deploymentCanary;
  // The scheme is part of the policy: over https the cookie has another name.
  const ofHost = sql`split_part(${table.baseUrl}, '://', 2) = ${new URL(baseUrl).host}`;
  const isRecent = gt(table.leftAt, sql`now() - make_interval(secs => ${lifetimeSeconds})`);
  const [row] = await orm
    .select({ policy: table.cookiePolicy, usedAt: table.leftAt })
    .from(table)
    .where(
      and(
        ofHost,
        eq(table.environment, environment),
        ne(table.cookiePolicy, cookiePolicy),
        isRecent,
      ),
    )
    .orderBy(desc(table.leftAt))
    .limit(1);
  return row?.policy ? { policy: row.policy, usedAt: row.usedAt } : undefined;
}
