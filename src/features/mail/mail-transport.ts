/** Whether mails can be sent, for features that need it. */
import type { Finding } from '../../config/finding.js';
import type { CoreSettings } from '../definition.js';

/** Variables of which one configures the transport. */
export const mailTransportVariables = ['SMTP_URL', 'RESEND_API_KEY', 'MAIL_WEBHOOK_URL'] as const;

/** Whether mails can be sent: other features are off, or report a fault, where they cannot. */
export function hasMailTransport({ isSet }: Pick<CoreSettings, 'isSet'>): boolean {
  return mailTransportVariables.some(isSet);
}

/**
 * For a feature that was switched on and cannot work without mails.
 * @param consequence of having none, for the finding
 * @returns whether mails can be sent; otherwise it reports the finding `<VARIABLE>_WITHOUT_MAIL`, which stops the start
 */
export function requireMailTransport(
  core: Pick<CoreSettings, 'isSet'>,
  report: (finding: Finding) => void,
  variable: string,
  consequence: string,
): boolean {
  if (hasMailTransport(core)) return true;
  report({
    level: 'error',
    code: `${variable}_WITHOUT_MAIL`,
    variable,
    message: `is on, but no mail can be sent: ${consequence}`,
    fix: `set one of ${mailTransportVariables.join(', ')}, or ${variable}=off`,
  });
  return false;
}
