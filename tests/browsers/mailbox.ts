/** The mail server of the browser tests: which variables send mails to it, and the links in what has arrived. */
import { vi } from 'vitest';
import { startMailServer } from '../support/mail-server.js';
import type { System } from './system/system.js';

export type LinkPurpose = 'verify_email' | 'reset_password';

export interface Mailbox {
  /** Variables of a service that sends its mails here and whose accounts must confirm their addresses. */
  variables(urls: System['urls']): Readonly<Record<string, string>>;
  /** Waits for the newest link of this purpose that was mailed to the address. */
  linkTo(address: string, purpose: LinkPurpose): Promise<string>;
  stop(): Promise<void>;
}

export async function startMailbox(): Promise<Mailbox> {
  const server = await startMailServer();
  return {
    variables: ({ site }) => ({
      SMTP_URL: server.url,
      MAIL_FROM: 'Textbook <auth@example.com>',
      EMAIL_VERIFICATION: 'required',
      SITE_PAGES: `${site}/auth/confirm`,
      // All browsers have one address.
      RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/10s',
    }),
    async linkTo(address, purpose) {
      const pattern = new RegExp(`https://\\S+#${purpose}=[\\w-]+`);
      const newest = () =>
        server.mails
          .filter(({ to }) => JSON.stringify(to).includes(`"${address}"`))
          .map(({ text }) => pattern.exec(text ?? '')?.[0])
          .findLast((link) => link !== undefined);
      return vi.waitUntil(newest, { timeout: 30_000, interval: 50 });
    },
    stop: () => server.stop(),
  };
}
