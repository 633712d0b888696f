/** Loads the configured transport and its library with the first mail: a session check needs neither. */
import type { MailSettings } from './feature.js';
import type { Transport } from './transport.js';

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
