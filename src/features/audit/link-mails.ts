/** Which mail has a link: the rows of both are written in one transaction, and nothing else joins them. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../db/client.js';
import { mailedLink } from '../../db/schema.js';
import { mailOutbox } from '../tables.js';

/** Template → purpose of its link, for the mails that let a user in. */
export const purposesOfMails: Readonly<Record<string, string>> = {
  'verify-email': 'verify_email',
  'reset-password': 'reset_password',
  'magic-link': 'magic_link',
  'email-code': 'email_code',
  'confirm-provider': 'confirm_provider',
};

const awaitedPurposes = new Set(Object.values(purposesOfMails));

/** The clocks of the service, of which the mail's time is, and of the database may differ that much. */
export const toleranceMs = 10_000;

interface OpenedLink {
  readonly userId: string;
  readonly purpose: string;
  /** Undefined if the outbox has no such mail any more. */
  readonly mailId: string | undefined;
}

/** @returns by id; links that do not exist are left out. @throws what the driver throws */
export async function findLinks(
  db: OrmOrTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, OpenedLink>> {
  if (ids.length === 0) return new Map();
  const tolerance = sql`make_interval(secs => ${toleranceMs / 1000})`;
  const isOfLink = and(
    eq(mailOutbox.userId, mailedLink.userId),
    sql`${mailOutbox.createdAt} between ${mailedLink.createdAt} - ${tolerance} and ${mailedLink.createdAt} + ${tolerance}`,
  );
  const rows = await db
    .select({
      id: mailedLink.id,
      userId: mailedLink.userId,
      purpose: mailedLink.purpose,
      createdAt: mailedLink.createdAt,
      mailId: mailOutbox.id,
      template: mailOutbox.template,
      mailedAt: mailOutbox.createdAt,
    })
    .from(mailedLink)
    .leftJoin(mailOutbox, isOfLink)
    .where(inArray(mailedLink.id, [...ids]));
  const found = new Map<string, OpenedLink & { readonly distanceMs: number }>();
  for (const { id, userId, purpose, createdAt, mailId, template, mailedAt } of rows) {
    const isMail = mailedAt !== null && canHave(template ?? '', purpose);
    const distanceMs = isMail ? Math.abs(mailedAt.getTime() - createdAt.getTime()) : Infinity;
    const known = found.get(id);
    if (known !== undefined && known.distanceMs <= distanceMs) continue;
    found.set(id, {
      userId,
      purpose,
      mailId: isMail ? (mailId ?? undefined) : undefined,
      distanceMs,
    });
  }
  return found;
}

/** A link of another purpose is in a mail about a change. */
function canHave(template: string, purpose: string): boolean {
  const expected = awaitedPurposes.has(purpose) ? purpose : undefined;
  return purposesOfMails[template] === expected;
}
