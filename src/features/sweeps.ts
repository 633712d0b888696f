/** What the hourly sweep deletes from the tables of features: one line each. The column has an index. */
import { sql, type SQL } from 'drizzle-orm';
import type { Environment } from '../config/environment.js';
import { maintenance as auditMaintenance, recordDeletedUsers } from './audit/sweep.js';
import type { FeatureSettings } from './definitions.js';
import { sweep as mailSweep } from './mail/sweep.js';
import { sweep as challengeSweep } from './passkeys/sweep.js';
import { sweep as heartbeatSweep } from './read-replica/sweep.js';
import { sweep as redirectSweep } from './redirect-sign-in/sweep.js';
import { sweep as deviceSweep } from './security-notices/sweep.js';
import { deliveriesOfDeletions } from './webhooks/enqueue.js';
import { endpointsFrom, type Endpoint } from './webhooks/feature.js';
import { sweep as webhookSweep } from './webhooks/sweep.js';

export const featureSweeps = [
  mailSweep,
  challengeSweep,
  heartbeatSweep,
  redirectSweep,
  deviceSweep,
  webhookSweep,
] as const;

/** Tables that need more than the deletion of rows. */
export const featureMaintenance = [auditMaintenance] as const;

/** Table → how many days its rows are kept, where a setting decides. */
export type Retention = Readonly<Record<(typeof featureMaintenance)[number]['table'], number>>;

/**
 * Records the accounts that the sweep deletes, in its statement: common table expressions from one with their `id`.
 * Undefined where no audit trail is kept.
 */
export type RecordDeletedUsers = ((users: SQL, now: Date) => SQL) | undefined;

interface SweepSettings {
  readonly retention: Retention;
  readonly recordDeletedUsers: RecordDeletedUsers;
}

/** @param settings of the enabled features */
export function sweepSettingsOf({ audit, webhooks }: Partial<FeatureSettings>): SweepSettings {
  return {
    retention: { audit_event: audit?.days ?? auditMaintenance.daysFrom(undefined) },
    recordDeletedUsers: audit && createDeletionRecorder(webhooks?.endpoints ?? []),
  };
}

/** For a command, which must run with an environment that the service would refuse. */
export function sweepSettingsFrom(environment: Environment): SweepSettings {
  const { AUDIT: mode, AUDIT_DAYS: days, WEBHOOK_URLS: urls } = environment;
  return {
    retention: { audit_event: auditMaintenance.daysFrom(days) },
    recordDeletedUsers: mode === 'off' ? undefined : createDeletionRecorder(endpointsFrom(urls)),
  };
}

function createDeletionRecorder(endpoints: readonly Endpoint[]): RecordDeletedUsers {
  return (users, now) => {
    const events = sql`deletions as (${recordDeletedUsers(users, now)})`;
    if (endpoints.length === 0) return events;
    return sql`${events}, deliveries as (${deliveriesOfDeletions(sql`deletions`, endpoints)})`;
  };
}
