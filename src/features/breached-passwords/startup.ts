/** Checks at start whether passwords can be checked. */
import { randomBytes } from 'node:crypto';
import type { Finding } from '../../config/finding.js';
import type { BreachedPasswordsSettings } from './feature.js';
import { createLookup } from './lookup.js';
import { LookupFailure } from './lookup-failure.js';
import { reasons } from './reasons.js';

export async function findStartupFaults(
  settings: BreachedPasswordsSettings,
): Promise<readonly Finding[]> {
  try {
    await createLookup(settings)(randomBytes(16).toString('hex'));
    return [];
  } catch (error) {
    if (!(error instanceof LookupFailure)) throw error;
    const { meaning, fix } = reasons[error.reason];
    return [
      {
        level: 'warn',
        code: 'BREACHED_PASSWORDS_UNCHECKED',
        variable: settings.list === undefined ? 'BREACHED_PASSWORDS' : 'PWNED_LIST',
        message: `new passwords are accepted without a check: ${meaning} (${error.reason})`,
        fix,
      },
    ];
  }
}
