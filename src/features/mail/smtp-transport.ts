/** Sends by SMTP with nodemailer, over a pool of connections. */
import { createTransport } from 'nodemailer';
import type { MailSettings, SmtpSettings } from './feature.js';
import { MailFailure, networkReason } from './mail-failure.js';
import type { MailReason } from './reasons.js';
import type { Transport } from './transport.js';

/** Fields of nodemailer's errors. */
interface SmtpError extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

const connectTimeoutMs = 10_000;

export function createSmtpTransport(
  { host, port, secure, requireTls, user, password }: SmtpSettings,
  { from, replyTo, messageIdDomain }: MailSettings,
): Transport {
  const pool = createTransport({
    pool: true,
    host,
    port,
    secure,
    requireTLS: requireTls,
    ...(user !== undefined && { auth: { user, pass: password } }),
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    dnsTimeout: connectTimeoutMs,
    maxConnections: 5,
    maxRequeues: 0, // the outbox retries, with its own pauses
    // Another process must be able to suspend; a new connection costs little.
    idleTimeout: 10_000,
    // A template cannot make the service read a file or call a URL.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const composer = createTransport({ streamTransport: true, buffer: true });

  function messageOf({ id, to, subject, text, html }: Parameters<Transport['send']>[0]) {
    return {
      from: { ...from }, // nodemailer changes it, and the configuration is frozen
      to: { name: '', address: to },
      ...(replyTo && { replyTo: { ...replyTo } }),
      subject,
      text,
      html,
      messageId: `<${id}@${messageIdDomain}>`,
      // RFC 3834: out-of-office replies are not sent to it.
      headers: { 'Auto-Submitted': 'auto-generated' },
    };
  }

  return {
    async send(mail, signal) {
      try {
        await pool.sendMail({ ...messageOf(mail), signal });
      } catch (error) {
        throw toFailure(error as SmtpError, signal);
      }
    },
    async rehearse(mail) {
      await composer.sendMail(messageOf(mail));
    },
    async verify(signal) {
      try {
        await Promise.race([pool.verify(), aborted(signal)]);
      } catch (error) {
        throw toFailure(error as SmtpError, signal);
      }
    },
    close: () => pool.close(),
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function toFailure(error: SmtpError, signal: AbortSignal): MailFailure {
  const { response, responseCode } = error;
  const reason = signal.aborted ? 'timed_out' : reasonOf(error);
  return new MailFailure(reason, { response, responseCode, cause: error });
}

/** By RFC 5321 4.2 and the step at which the server replied. */
function reasonOf(error: SmtpError): MailReason {
  const { code, command = '', responseCode = 0 } = error;
  if (code === 'EAUTH' || code === 'ENOAUTH') {
    return responseCode >= 400 && responseCode < 500 ? 'provider_unavailable' : 'authentication';
  }
  if (code === 'ETLS' || command === 'STARTTLS') return 'tls';
  if (responseCode === 421) return 'provider_unavailable';
  if (responseCode === 452) return 'rate_limited';
  if (responseCode >= 400 && responseCode < 500) {
    return command === 'RCPT TO' ? 'greylisted' : 'provider_unavailable';
  }
  if (responseCode === 530 || responseCode === 535) return 'authentication';
  if (responseCode >= 500) return refusals[command] ?? 'message_refused';
  return networkReason(error) ?? connectionReason(code);
}

const refusals: Readonly<Record<string, MailReason>> = {
  CONN: 'provider_unavailable',
  EHLO: 'provider_unavailable',
  HELO: 'provider_unavailable',
  'MAIL FROM': 'sender_refused',
  'RCPT TO': 'recipient_refused',
};

function connectionReason(code: string | undefined): MailReason {
  if (code === 'EENVELOPE') return 'recipient_refused';
  if (code === 'ETIMEDOUT') return 'timed_out';
  return code === 'ECONNECTION' || code === 'ESOCKET' ? 'connection_lost' : 'internal';
}
