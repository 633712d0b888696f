/** Webhooks are sent from events of the audit trail. */
import type { Finding } from '../../config/finding.js';
import type { StartupServices } from '../slots.js';

export function findStartupFaults(
  _settings: object,
  { config }: Pick<StartupServices, 'config'>,
): Promise<readonly Finding[]> {
  return Promise.resolve(config.features.audit === undefined ? [noAuditTrail] : []);
}

const noAuditTrail: Finding = {
  level: 'warn',
  code: 'WEBHOOKS_WITHOUT_AUDIT',
  variable: 'AUDIT',
  message: 'is off, so there are no events, and no webhook is sent',
  fix: 'set AUDIT=on, or remove WEBHOOK_URLS',
};
