/** Checks at start whether the transport accepts the service. Sends nothing. */
import type { Finding } from '../../config/finding.js';
import type { StartupServices } from '../slots.js';
import type { MailSettings } from './feature.js';
import { MailFailure } from './mail-failure.js';
import { reasons as mailReasons } from './reasons.js';

export async function findStartupFaults(
  { variable, cronSecret }: MailSettings,
  { config, mailer }: StartupServices,
): Promise<readonly Finding[]> {
  if (mailer === undefined) return [];
  const findings = [...mailer.templateFindings];
  if (config.isVercel && cronSecret === undefined) findings.push(cronSecretMissing);
  try {
    await mailer.verify();
  } catch (error) {
    const reason = error instanceof MailFailure ? error.reason : 'internal';
    const { meaning, fix } = mailReasons[reason];
    findings.push({
      level: 'warn',
      code: 'MAIL_TRANSPORT_FAILED',
      variable,
      message: `mails wait in the outbox: ${meaning} (${reason})`,
      fix,
    });
  }
  return findings;
}

const cronSecretMissing: Finding = {
  level: 'warn',
  code: 'CRON_SECRET_MISSING',
  variable: 'CRON_SECRET',
  message:
    'is not set, so Vercel cannot call /api/cron/mail: mails are retried only with later requests',
  fix: 'set it to the output of openssl rand -base64 32',
};
