/** When events are deleted, whether the feature is on or off: switching it off must not keep old ones for ever. */
import { audit } from './feature.js';
import { maintainAuditTrail } from './partitions.js';

export const maintenance = {
  table: 'audit_event',
  run: maintainAuditTrail,
  /** @param value of AUDIT_DAYS; the default is used for an invalid one */
  daysFrom(value: string | undefined): number {
    const days = audit.variables.AUDIT_DAYS;
    const parsed = days.safeParse(value || undefined);
    return parsed.success ? parsed.data : days.parse(undefined);
  },
} as const;
