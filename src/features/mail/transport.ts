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
  /** Checks connection and credentials without sending, where the transport allows it. @throws MailFailure */
  verify(signal: AbortSignal): Promise<void>;
  close(): void;
}
