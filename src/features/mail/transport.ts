/** What carries a rendered mail out of the service. Each kind loads its library with the first mail. */
import type { MailSettings } from './feature.js';
import type { RenderedMail } from './render.js';

export interface OutgoingMail extends RenderedMail {
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

/** Loads the code of the configured kind. */
export async function loadTransport(settings: MailSettings): Promise<Transport> {
  const { transport } = settings;
  switch (transport.kind) {
    case 'smtp':
      return (await import('./smtp-transport.js')).createSmtpTransport(transport, settings);
    case 'resend':
      return (await import('./resend-transport.js')).createResendTransport(transport, settings);
    case 'webhook':
      return (await import('./webhook-transport.js')).createWebhookTransport(transport, settings);
  }
}
