/** What the hourly sweep deletes from the tables of features: one line each. The column has an index. */
import type { SQL } from 'drizzle-orm';
import type { Environment } from '../config/environment.js';
import { maintenance as auditMaintenance, recordDeletedUsers } from './audit/sweep.js';
import type { FeatureSettings } from './definitions.js';
import { sweep as mailSweep } from './mail/sweep.js';
import { sweep as challengeSweep } from './passkeys/sweep.js';
import { sweep as redirectSweep } from './redirect-sign-in/sweep.js';
import { sweep as deviceSweep } from './security-notices/sweep.js';

export const featureSweeps = [mailSweep, challengeSweep, redirectSweep, deviceSweep] as const;

/** Tables that need more than the deletion of rows. */
export const featureMaintenance = [auditMaintenance] as const;

/** Table → how many days its rows are kept, where a setting decides. */
export type Retention = Readonly<Record<(typeof featureMaintenance)[number]['table'], number>>;

/** Records the accounts that the sweep deletes, in its statement; undefined where no audit trail is kept. */
export type RecordDeletedUsers = ((users: SQL, now: Date) => SQL) | undefined;

interface SweepSettings {
  readonly retention: Retention;
  readonly recordDeletedUsers: RecordDeletedUsers;
}

/** @param settings of the enabled features */
export function sweepSettingsOf({ audit }: Partial<FeatureSettings>): SweepSettings {
  return {
    retention: { audit_event: audit?.days ?? auditMaintenance.daysFrom(undefined) },
    recordDeletedUsers: audit && recordDeletedUsers,
  };
}

/** For a command, which must run with an environment that the service would refuse. */
export function sweepSettingsFrom({ AUDIT: mode, AUDIT_DAYS: days }: Environment): SweepSettings {
  return {
    retention: { audit_event: auditMaintenance.daysFrom(days) },
    recordDeletedUsers: mode === 'off' ? undefined : recordDeletedUsers,
  };
}
