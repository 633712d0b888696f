/** What the outbox holds, for an operator: no address and no link, which are encrypted. */
import { count, desc, gt } from 'drizzle-orm';
import type { Orm } from '../../db/client.js';
import type { MailReport } from '../../mailer.js';
import { mailOutbox } from './tables.js';

const dayMs = 86_400_000;
const recentMails = 50;

export async function describeOutbox(
  orm: Orm,
  now: Date,
): Promise<Pick<MailReport, 'outbox' | 'recent'>> {
  const { id, requestId, template, state, reason, attempts, createdAt } = mailOutbox;
  const outbox = await orm
    .select({ state, reason, count: count() })
    .from(mailOutbox)
    .where(gt(createdAt, new Date(now.getTime() - dayMs)))
    .groupBy(state, reason)
    .orderBy(state, reason);
  const recent = await orm
    .select({ mailId: id, requestId, template, state, reason, attempts, createdAt })
    .from(mailOutbox)
    .orderBy(desc(createdAt))
    .limit(recentMails);
  return { outbox, recent };
}
