/** What the flows on mailed links have in common: a service with a real SMTP server, and the links that arrive. */
import type { ParsedMail } from 'mailparser';
import { vi } from 'vitest';
import type { Environment } from '../../src/config/environment.js';
import { startMailServer, type MailServer } from './mail-server.js';
import { Visitor } from './visitor.js';
import { startTestService, type TestService, type TestServiceOptions } from './test-service.js';

export const sitePage = 'http://localhost:3000/auth/confirm';

let networks = 0;

/** A visitor with a network of its own: mails are limited by network. */
export class MailVisitor extends Visitor {
  override readonly ip = `10.${200 + ((networks += 1) >> 8)}.${networks % 256}.1`;
}

export interface MailingService extends TestService {
  readonly mailServer: MailServer;
  /** Waits until this many mails to the address have arrived. @returns them, the newest last */
  mailsTo(address: string, count?: number): Promise<readonly ParsedMail[]>;
  /** The token of the newest link, once this many mails have arrived. */
  tokenFor(address: string, count?: number): Promise<string>;
}

export async function startMailingService(
  env: Environment = {},
  options: TestServiceOptions = {},
): Promise<MailingService> {
  const mailServer = await startMailServer();
  const service = await startTestService({
    ...options,
    env: {
      SMTP_URL: mailServer.url,
      MAIL_FROM: 'Example <auth@example.com>',
      SITE_PAGES: sitePage,
      RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/10s',
      ...env,
    },
  });
  const to = (address: string) =>
    mailServer.mails.filter((mail) => JSON.stringify(mail.to).includes(`"${address}"`));
  /** In the order in which they were written: five connections deliver them in any. */
  const mailsTo = async (address: string, count = 1) => {
    await vi.waitUntil(() => to(address).length >= count, { timeout: 8_000, interval: 20 });
    const written = await service.database.query<{ id: string }>(
      'select id from mail_outbox order by created_at',
    );
    const places = new Map(written.map(({ id }, place) => [id, place]));
    const placeOf = ({ messageId = '' }: ParsedMail) =>
      places.get(messageId.slice(1, messageId.indexOf('@'))) ?? -1;
    return to(address).toSorted((a, b) => placeOf(a) - placeOf(b));
  };
  return {
    ...service,
    mailServer,
    mailsTo,
    async tokenFor(address, count = 1) {
      return linkIn((await mailsTo(address, count)).at(-1)).token;
    },
    async stop() {
      await service.stop();
      await mailServer.stop();
    },
  };
}

/** The page and the token of the mail's link. */
export function linkIn(mail: ParsedMail | undefined): {
  readonly page: string;
  readonly token: string;
} {
  const found = /(https?:\/\/\S+?)#[a-z_]+=([\w-]+)/.exec(mail?.text ?? '');
  if (found === null) throw new Error('the mail has no link');
  return { page: found[1] ?? '', token: found[2] ?? '' };
}
