/** Why a mail was not sent, or not yet: a closed list. `npm run docs` writes the table in docs/features/mail.md from it. */

interface MailReasonEntry {
  readonly meaning: string;
  readonly fix: string;
  /** Another attempt would end the same way. */
  readonly isFinal?: boolean;
}

export const reasons = {
  connection_refused: {
    meaning: 'the transport could not be reached: refused, unknown host, or no route',
    fix: 'check host and port of the transport, and that this network may connect to it',
  },
  connection_lost: {
    meaning: 'the transport closed the connection before it had accepted the mail',
    fix: 'see the log of the mail server; the mail is retried with the same Message-ID',
  },
  tls: {
    meaning: 'no encrypted connection: an invalid certificate, or no STARTTLS',
    fix: 'use the host name of the certificate; smtps:// is for port 465, smtp:// for STARTTLS on 587',
  },
  authentication: {
    meaning: 'the transport refused the credentials',
    fix: 'set user and password of SMTP_URL percent-encoded, or a valid RESEND_API_KEY or MAIL_WEBHOOK_SECRET',
  },
  sender_refused: {
    meaning: 'the transport does not send for the address in MAIL_FROM',
    fix: 'verify the domain of MAIL_FROM with the mail provider',
  },
  recipient_refused: {
    meaning: 'the mail server of the recipient refused the address',
    fix: 'nothing: the mailbox does not exist or refuses mail',
    isFinal: true,
  },
  message_refused: {
    meaning: 'the mail server refused the content, for example as spam',
    fix: "check SPF, DKIM and DMARC of MAIL_FROM's domain, and the reply in the log line",
    isFinal: true,
  },
  greylisted: {
    meaning: 'the mail server asks to try again later, as it does with unknown senders',
    fix: 'nothing: the mail is retried',
  },
  rate_limited: {
    meaning: 'the transport accepts no more mails for now',
    fix: 'nothing, or raise the limit of the mail provider',
  },
  provider_unavailable: {
    meaning: 'the transport reported a fault of its own',
    fix: "see the mail provider's status page; the mail is retried",
  },
  timed_out: {
    meaning: 'the transport did not respond in time',
    fix: 'check that this network may connect to the port; hosts often block 25',
  },
  template: {
    meaning: 'the mail could not be rendered by this version of the service',
    fix: 'check MAIL_TEMPLATES, and that every instance runs the same version',
  },
  undecryptable: {
    meaning: 'no secret decrypts the mail',
    fix: 'keep the previous secret in BETTER_AUTH_SECRETS until its mails are sent, a day at most',
    isFinal: true,
  },
  limited: {
    meaning: 'more mails were asked for than the recipient, the account or the network may get',
    fix: 'nothing: the response was the same as for a mail that is sent',
    isFinal: true,
  },
  expired_unsent: {
    meaning: 'its link or code expired, or a day passed, before an attempt succeeded',
    fix: 'see the reason of the attempts before, in the log lines with the same mailId',
    isFinal: true,
  },
  internal: {
    meaning: 'an unexpected fault of this service',
    fix: 'see the error in the log line; the mail is retried',
  },
} as const satisfies Readonly<Record<string, MailReasonEntry>>;

export type MailReason = keyof typeof reasons;

export function isFinal(reason: MailReason): boolean {
  const entry: MailReasonEntry = reasons[reason];
  return entry.isFinal === true;
}

/** How the cron route refuses. */
export const errors = {
  CRON_SECRET_REQUIRED: { status: 401, message: 'A valid CRON_SECRET is required.' },
} as const;
