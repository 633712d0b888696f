/** Why an attempt to send failed, as a transport reports it. */
import { maskText } from '../../log/mask.js';
import type { MailReason } from './reasons.js';

export interface FailureDetails {
  /** The SMTP reply code or the HTTP status. */
  readonly responseCode?: number | undefined;
  /** What the transport replied; masked and shortened here. */
  readonly response?: string | undefined;
  /** How long the transport asks to wait. */
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

export class MailFailure extends Error {
  override readonly name = 'MailFailure';
  readonly responseCode: number | undefined;
  readonly response: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly reason: MailReason,
    { responseCode, response, retryAfterMs, cause }: FailureDetails = {},
  ) {
    super(`the mail was not sent: ${reason}`, { cause });
    this.responseCode = responseCode;
    this.retryAfterMs = retryAfterMs;
    // A server may repeat the recipient, or a link of a mail that it takes for spam.
    this.response = response && maskText(response.replace(/\S+:\/\/\S+/g, '[url]')).slice(0, 300);
  }
}

const tlsCode =
  /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO$|ETLS$)/;
const unreachable = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EDNS',
];
const timeouts = ['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'];

interface NetworkError extends Error {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly errors?: readonly unknown[];
}

/** The reason of a failure below SMTP and HTTP, by the codes of the error and its causes; undefined if none is known. */
export function networkReason(error: unknown): MailReason | undefined {
  for (
    let each = error, depth = 0;
    each instanceof Error && depth < 5;
    each = each.cause, depth++
  ) {
    if (each.name === 'TimeoutError' || each.name === 'AbortError') return 'timed_out';
    const { code, originalCode, errors = [] } = each as NetworkError;
    const text = String(originalCode ?? code); // nodemailer replaces the system's code
    if (tlsCode.test(text)) return 'tls';
    if (timeouts.includes(text)) return 'timed_out';
    if (unreachable.includes(text)) return 'connection_refused';
    if (text === 'ECONNRESET' || text === 'EPIPE' || text === 'UND_ERR_SOCKET')
      return 'connection_lost';
    // Of several addresses of one host each has an error of its own.
    const [first] = errors;
    if (first !== undefined) return networkReason(first);
  }
  return undefined;
}
