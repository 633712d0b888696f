/** Administration: an API and a console for operators, who are users with the role `admin`. */
import { onOff } from '../../config/variable-types.js';
import { defineFeature } from '../definition.js';
import { requireMailTransport } from '../mail/feature.js';

export interface AdminSettings {
  /** Whether operators may act as a user. */
  readonly impersonation: boolean;
  /** Whether the user gets a mail about it. */
  readonly impersonationNotice: boolean;
}

export const admin = defineFeature({
  name: 'admin',
  summary: 'lets operators find and help users, through an API and a console',
  variables: {
    ADMIN: onOff.describe(
      '`on` serves the API under `/api/admin` and the console at `/console` to users with the role `admin`, which `npm run user -- grant EMAIL admin` gives. It needs a second factor: `SECOND_FACTOR` or `PASSKEYS`',
    ),
    ADMIN_IMPERSONATION: onOff.describe(
      '`on` lets operators act as a user for up to an hour, with a reason that the audit trail keeps, and without sensitive actions',
    ),
    ADMIN_IMPERSONATION_NOTICE: onOff.describe(
      '`on` mails the user when an operator begins to act as them',
    ),
  },
  readSettings(
    { ADMIN, ADMIN_IMPERSONATION, ADMIN_IMPERSONATION_NOTICE },
    core,
    report,
  ): AdminSettings | undefined {
    if (ADMIN === 'off') return undefined;
    const { isOff } = core;
    if (isOff('SECOND_FACTOR') && isOff('PASSKEYS')) {
      report({
        level: 'error',
        code: 'ADMIN_WITHOUT_SECOND_FACTOR',
        variable: 'ADMIN',
        message:
          'is on, but users cannot set up a second factor, without which no operator is let in',
        fix: 'set SECOND_FACTOR=optional or PASSKEYS=on, or ADMIN=off',
      });
    }
    if (isOff('AUDIT', 'on')) {
      report({
        level: 'error',
        code: 'ADMIN_WITHOUT_AUDIT',
        variable: 'ADMIN',
        message: 'is on, but AUDIT=off: what operators do would leave no trace',
        fix: 'set AUDIT=on, or ADMIN=off',
      });
    }
    const notice = 'ADMIN_IMPERSONATION_NOTICE';
    const isNoticed = ADMIN_IMPERSONATION_NOTICE === 'on';
    if (isNoticed) requireMailTransport(core, report, notice, 'no user would learn of it');
    return { impersonation: ADMIN_IMPERSONATION === 'on', impersonationNotice: isNoticed };
  },
  startupFields: (settings) => ({ admin: describe(settings) }),
});

function describe(settings: AdminSettings | undefined): string {
  if (settings === undefined) return 'off';
  return settings.impersonation ? 'on, with impersonation' : 'on';
}
