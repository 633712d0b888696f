/** Whether the service can send mail: features that need it are off without a transport, or report it as a fault. */

/** Variables of which one configures the transport. */
export const mailTransportVariables = ['SMTP_URL', 'RESEND_API_KEY', 'MAIL_WEBHOOK_URL'] as const;

export function hasMailTransport({
  isSet,
}: {
  readonly isSet: (variable: string) => boolean;
}): boolean {
  return mailTransportVariables.some(isSet);
}
