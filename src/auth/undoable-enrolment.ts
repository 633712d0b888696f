/**
 * Second factors whose notice has a link "That was not me". The link must also remove the factor: somebody else's would keep
 * the owner out, whatever password they choose. Other notices must not, or the mailbox would be the only factor.
 */
import { randomUUID } from 'node:crypto';
import { and, eq, gt, sql } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { verification } from '../db/schema.js';
import { notMeHours } from './not-me-links.js';

const identifierOf = (linkId: string) => `enrolment|${linkId}`;

/** @param linkId of the link in the notice */
export async function makeUndoable(
  tx: OrmOrTransaction,
  userId: string,
  linkId: string,
): Promise<void> {
  await tx.insert(verification).values({
    id: randomUUID(),
    identifier: identifierOf(linkId),
    value: userId,
    expiresAt: sql`statement_timestamp() + make_interval(hours => ${notMeHours}::int)`,
  });
}

/** Whether the link belongs to the notice of an enrolment. Ask before access is ended, which deletes the row. */
export async function isNoticeOfEnrolment(tx: OrmOrTransaction, linkId: string): Promise<boolean> {
  const isOf = and(
    eq(verification.identifier, identifierOf(linkId)),
    gt(verification.expiresAt, sql`statement_timestamp()`),
  );
  return (await tx.select({ id: verification.id }).from(verification).where(isOf)).length > 0;
}
