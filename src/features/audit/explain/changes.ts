/** When what decides over sessions changed: from the trail, or else from the canary that each start writes. */
import { and, desc, eq, gte } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../../db/client.js';
import { deploymentCanary } from '../../../db/schema.js';
import { auditEvent } from '../tables.js';

export interface Change {
  readonly at: Date;
  /** Names of variables. */
  readonly variables: readonly string[];
}

const maxRows = 50;

/** @returns the newest first @throws what the driver throws */
export async function readChanges(db: OrmOrTransaction, since: Date): Promise<readonly Change[]> {
  const isChange = and(eq(auditEvent.kind, 'configuration_change'), gte(auditEvent.at, since));
  const events = await db
    .select({ at: auditEvent.at, details: auditEvent.details })
    .from(auditEvent)
    .where(isChange)
    .orderBy(desc(auditEvent.at))
    .limit(maxRows);
  if (events.length === 0) return changesOfStarts(db, since);
  return events.map(({ at, details }) => ({ at, variables: changedVariables(details) }));
}

export function changedVariables(details: Readonly<Record<string, unknown>> | null): string[] {
  const changed = details?.changed;
  return Array.isArray(changed) ? changed.filter((name) => typeof name === 'string') : [];
}

async function changesOfStarts(db: OrmOrTransaction, since: Date): Promise<Change[]> {
  const starts = await db
    .select()
    .from(deploymentCanary)
    .where(gte(deploymentCanary.leftAt, since))
    .orderBy(desc(deploymentCanary.leftAt))
    .limit(maxRows);
  return starts.flatMap((start, at) => {
    const before = starts.slice(at + 1).find((one) => one.environment === start.environment);
    if (before === undefined) return [];
    const variables = [
      ...(signerOf(before) === signerOf(start) ? [] : ['BETTER_AUTH_SECRET']),
      ...(before.baseUrl === start.baseUrl ? [] : ['BETTER_AUTH_URL']),
      ...(domainOf(before) === domainOf(start) ? [] : ['COOKIE_DOMAIN']),
    ];
    return variables.length === 0 ? [] : [{ at: start.leftAt, variables }];
  });
}

type Start = typeof deploymentCanary.$inferSelect;

function signerOf({ secrets }: Start): string | undefined {
  return secrets?.split(',')[0];
}

function domainOf({ cookiePolicy }: Start): string | undefined {
  return /Domain=([^;]+)/.exec(cookiePolicy ?? '')?.[1];
}
