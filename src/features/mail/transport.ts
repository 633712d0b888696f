/** What carries a rendered mail out of the service. */
import type { RenderedMail } from './render.js';

interface OutgoingMail extends RenderedMail {
  /** Equal for every attempt, so that a recipient or a provider can recognize a repetition. */
  readonly id: string;
  readonly template: string;
  readonly to: string;
  readonly language: string;
}

export interface Transport {
  /**
   * Resolves when the transport has taken responsibility for the mail.
   * @param signal aborts the attempt
   * @throws MailFailure with its reason
   */
  send(mail: OutgoingMail, signal: AbortSignal): Promise<void>;
  /**
   * What `send` computes, without a connection, where that is more than JSON: for an address without an account. Work that only follows a request for a
   * known address would delay the sender's next request, and so reveal the account.
   */
  rehearse?(mail: OutgoingMail): Promise<void>;
  /** Checks connection and credentials without sending, where the transport allows it. @throws MailFailure */
  verify(signal: AbortSignal): Promise<void>;
  close(): void;
}
