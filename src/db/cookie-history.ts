/** Finds the session cookie that earlier starts of this deployment set, as recorded with their canaries. */
import { and, desc, eq, gt, ne, sql } from 'drizzle-orm';
import type { Orm } from './client.js';
import type { Deployment } from './canary.js';
import { deploymentCanary } from './schema.js';

export interface EarlierCookie {
  /** As described by `describeCookie`. */
  readonly policy: string;
  /** The last start that used it. */
  readonly usedAt: Date;
}

/**
 * The most recent different cookie of this host and environment, if browsers may still have it.
 * @param lifetimeSeconds how long browsers keep a cookie
 * @throws the driver's error
 */
export async function findEarlierCookie(
  orm: Orm,
  { baseUrl, environment, cookiePolicy = '' }: Deployment,
  lifetimeSeconds: number,
): Promise<EarlierCookie | undefined> {
  const table = deploymentCanary;
  // Compares only the host: the scheme is part of the policy, because the cookie's name differs over https.
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
