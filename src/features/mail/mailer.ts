/** The mailer: writes mails to the outbox within the caller's transaction and lets the courier send them afterwards. */
import { createHmac, randomUUID } from 'node:crypto';
import { afterCommit } from '../../db/current-transaction.js';
import type { Mail, MailWorker } from '../../mailer.js';
import type { MailerServices } from '../slots.js';
import { counterName, createCourier } from './courier.js';
import type { MailSettings } from './feature.js';
import { insertMail, type MailLimit } from './outbox.js';
import { describeOutbox } from './outbox-report.js';
import { createSeal } from '../../config/seal.js';
import { createTemplates } from './templates.js';
import type { Transport } from './transport.js';
import { loadTransport } from './load-transport.js';

/**
 * Mails in ten minutes. `recipient` is what strangers can cause in all, whatever they ask for: per kind it would be three
 * of each. `owner` is what the owner of a proven address can ask for besides. A network is shared by many people, an account has few addresses, and notices must arrive.
 */
const limits = { recipient: 3, owner: 3, account: 6, network: 20, notice: 20 } as const;

/** @param load loads the transport; tests replace it */
export function createMailer(
  settings: MailSettings,
  services: MailerServices,
  load: (settings: MailSettings) => Promise<Transport> = loadTransport,
): MailWorker {
  const { config, count, logger, now, afterResponse } = services;
  const templates = createTemplates(services.templates, settings.overrides);
  const seal = createSeal(config.keyRing, 'auth-service mail outbox');
  // Apart, so that an instance of an older version, which knows no decoys, cannot read and send one.
  const decoySeal = createSeal(config.keyRing, 'auth-service mail decoy');
  const courier = createCourier({ settings, services, templates, seal, decoySeal, load });
  const { value: secret } = config.keyRing.current;

  function limitFor(name: keyof typeof limits, value: string): MailLimit {
    const keyed = createHmac('sha256', secret).update(`mail|${name}|${value}`).digest('base64url');
    return { name, key: `mail|${keyed}`, max: limits[name] };
  }

  function limitsFor({ to, userId, network, isForSender = false }: Mail): MailLimit[] {
    return [
      limitFor(isForSender ? 'owner' : 'recipient', to.toLowerCase()),
      ...(userId === undefined ? [] : [limitFor('account', userId)]),
      ...(network === undefined ? [] : [limitFor('network', network)]),
    ];
  }

  return {
    async enqueue(db, mail) {
      const { isNotice } = templates.check(mail.template, mail.data);
      const { template, to, language, data, requestId, expiresAt, isDecoy = false } = mail;
      const userId = mail.userId ?? mail.ownerId;
      const id = randomUUID();
      const sealed = isDecoy ? decoySeal : seal;
      const payload = sealed.encrypt(JSON.stringify({ to, language, data }), id);
      const row = { id, template, payload, userId, requestId, isDecoy, expiresAt };
      // Per kind: notices that somebody causes must not use up the one that undoes a change of address.
      const notice = `${template}|${to.toLowerCase()}`;
      const counted = isNotice ? [limitFor('notice', notice)] : limitsFor(mail);
      const exceeded = await insertMail(db, row, counted, now());
      if (exceeded.length > 0) await mail.whenLimited?.(db);
      afterCommit(services.database.orm, () => {
        if (exceeded.length > 0) {
          count(counterName, 'limited');
          if (!isDecoy) {
            // After the commit and the response, as for a decoy: the time must not reveal who has an account.
            services.audit?.note({
              kind: 'mail',
              outcome: 'refused',
              reason: 'limited',
              userId,
              details: { mailId: id, template, limits: exceeded },
            });
          }
          logger.warn(
            { mailId: id, template, requestId, reason: 'limited', limits: exceeded },
            'mail not sent',
          );
        } else {
          afterResponse(async () => {
            await courier.sendDue();
          });
        }
      });
      return id;
    },
    ...courier,
    async describe() {
      const report = await describeOutbox(services.database.orm, now());
      return { senderDomain: settings.messageIdDomain, ...report };
    },
    templateFindings: templates.findings,
  };
}
