/** What the endpoints of second factors share. */
import { lockOwner } from '../../../auth/link-rows.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { createNotMeLinks } from '../../../auth/not-me-links.js';
import { writeNotice } from '../../../auth/not-me-notice.js';
import { createSecondFactorLimit } from '../../../auth/second-factor-limit.js';
import { makeUndoable } from '../../../auth/undoable-enrolment.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { counterName } from '../counters.js';
import { createBackupCodes } from './backup-codes.js';
import { createRefuse } from './refusals.js';
import { createTotpSecrets } from './totp-secrets.js';
import { createTrustedDevices } from './trusted-devices.js';

export type Notice =
  'second-factor-enabled' | 'second-factor-disabled' | 'backup-code-used' | 'backup-codes-replaced';

export type Factors = ReturnType<typeof createFactors>;

export function createFactors(dependencies: AuthDependencies, isRequired: boolean) {
  const { count, mailer } = dependencies;
  const refuse = createRefuse(dependencies);
  const links = createNotMeLinks('auth_not_me_links_total', dependencies);
  return {
    isRequired,
    refuse,
    secrets: createTotpSecrets(dependencies, refuse),
    backupCodes: createBackupCodes(dependencies, refuse),
    devices: createTrustedDevices(dependencies),
    limit: createSecondFactorLimit(dependencies),

    count(result: 'enrolled' | 'disabled' | 'totp' | 'backup_code' | 'trusted_device'): void {
      count?.(counterName, result);
    },

    /** Mails the owner, where mail can be sent. */
    async notify(
      tx: OrmOrTransaction,
      userId: string,
      notice: Notice,
      headers: Headers | undefined,
      data: Readonly<Record<string, string>> = {},
    ): Promise<void> {
      if (mailer === undefined) return;
      const owner = await lockOwner(tx, userId);
      if (owner === undefined) return;
      const linkId = await writeNotice(tx, owner, notice, headers, links, dependencies, data);
      if (notice === 'second-factor-enabled') await makeUndoable(tx, userId, linkId);
    },
  };
}
