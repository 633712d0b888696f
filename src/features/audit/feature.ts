/** Audit: one table of what happened to accounts, and why something was refused. */
import { days, oneOf } from '../../config/variable-types.js';
import { defineFeature } from '../definition.js';

export interface AuditSettings {
  /** How long events are kept. */
  readonly days: number;
  readonly address: 'full' | 'network' | 'off';
}

export const audit = defineFeature({
  name: 'audit',
  summary: 'keeps a trail of what happened to accounts, and why something was refused',
  variables: {
    AUDIT: oneOf(['on', 'off'])
      .default('on')
      .describe(
        'keeps a trail of sign-ins, changes of accounts and refusals in the database, from which `npm run explain` answers why a user cannot sign in',
      ),
    AUDIT_DAYS: days(3650).default(90).describe('how many days an event is kept'),
    AUDIT_ADDRESS: oneOf(['network', 'full', 'off'])
      .default('network')
      .describe(
        'what an event has of the visitor’s address: `network` is its first 24 bits (48 for IPv6), which identify nobody; `full` needs a legal basis (GDPR)',
      ),
  },
  readSettings({
    AUDIT: mode,
    AUDIT_DAYS: keptDays,
    AUDIT_ADDRESS: address,
  }): AuditSettings | undefined {
    return mode === 'off' ? undefined : { days: keptDays, address };
  },
  startupFields: (settings) => ({
    audit: settings === undefined ? 'off' : `${settings.days} days`,
  }),
});
