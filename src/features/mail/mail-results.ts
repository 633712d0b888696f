/** Stores what became of mails, each with its event in the audit trail, in one transaction. Decoys have no event. */
import { eq, sql } from 'drizzle-orm';
import type { AuditEvent } from '../../audit.js';
import type { OrmOrTransaction } from '../../db/client.js';
import { user } from '../../db/schema.js';
import type { MailerServices } from '../slots.js';
import { expireMails, markFailed, markSent, type ExpiredMail, type OutboxRow } from './outbox.js';
import type { MailReason } from './reasons.js';

type Result = Pick<AuditEvent, 'outcome' | 'reason'>;

export function createMailResults({ database, audit, now, logger }: MailerServices) {
  const { orm } = database;

  /** Mails to an address that may have no account have no user in the outbox. */
  async function userOf(tx: OrmOrTransaction, { userId }: OutboxRow, to: string | undefined) {
    if (userId !== null || to === undefined) return userId ?? undefined;
    const isOwner = eq(user.email, sql`lower(${to})`);
    const [owner] = await tx.select({ id: user.id }).from(user).where(isOwner);
    return owner?.id;
  }

  return {
    /** @param to the address, where it is known. @throws if the result is not stored: the mail is sent again then */
    async sent(row: OutboxRow, to: string | undefined, state: 'sent' | 'decoy'): Promise<void> {
      if (audit === undefined || state === 'decoy') return markSent(orm, row.id, state, now());
      try {
        await orm.transaction(async (tx) => {
          await markSent(tx, row.id, state, now());
          await audit.record(tx, eventOf(row, { outcome: 'success' }, await userOf(tx, row, to)));
        });
      } catch (err) {
        // Better a mail without its event than the same mail every minute.
        await markSent(orm, row.id, state, now());
        logger.error({ err, mailId: row.id }, 'the event of a mail was not written');
      }
    },

    /** @param nextAttemptAt undefined for the last one */
    async failed(
      row: OutboxRow,
      to: string | undefined,
      reason: MailReason,
      nextAttemptAt: Date | undefined,
    ): Promise<void> {
      const outcome = nextAttemptAt === undefined ? 'failed' : 'pending';
      await orm.transaction(async (tx) => {
        if (!(await markFailed(tx, row, reason, nextAttemptAt))) return;
        await audit?.record(tx, eventOf(row, { outcome, reason }, await userOf(tx, row, to)));
      });
    },

    expire: (atMost: number): Promise<ExpiredMail[]> =>
      orm.transaction(async (tx) => {
        const expired = await expireMails(tx, now(), atMost);
        const reason: MailReason = 'expired_unsent';
        const events = expired
          .filter(({ state }) => state !== 'decoy')
          .map((mail) => eventOf(mail, { outcome: 'failed', reason }, mail.userId ?? undefined));
        await audit?.record(tx, ...events);
        return expired;
      }),
  };
}

/** Written after the request that caused the mail, and outside of it: it has no client. */
function eventOf(
  { id, template, requestId, attempts }: ExpiredMail,
  result: Result,
  userId: string | undefined,
): AuditEvent {
  return {
    kind: 'mail',
    ...result,
    userId,
    actor: 'system',
    requestId: requestId ?? undefined,
    client: {},
    details: { mailId: id, template, attempts },
  };
}
