/** Finds out whose events are that a visitor only claims to belong to a session or a mailed link. */
import { inArray } from 'drizzle-orm';
import type { RepeatableEvent } from '../../audit.js';
import { isForAddressOnly } from '../../auth/link-token.js';
import type { OrmOrTransaction } from '../../db/client.js';
import { session } from '../../db/schema.js';
import { tokenFingerprint } from '../../session/signed-token.js';
import type { AuditRow } from './event-row.js';
import { findLinks } from './link-mails.js';

export type Claim = Pick<RepeatableEvent, 'unverifiedToken' | 'linkId'>;

export interface Claimed {
  readonly row: AuditRow;
  readonly claim: Claim;
}

/** Of each kind, looked up in one write. */
const maxLookups = 100;

/**
 * Names the user of credentials that did not verify, where their session exists, and of links, with their mail; leaves out
 * events of links that do not exist. @throws what the driver throws
 */
export async function attributeRows(
  db: OrmOrTransaction,
  all: readonly Claimed[],
): Promise<AuditRow[]> {
  const sessions = await findSessions(db, valuesOf(all, 'unverifiedToken'));
  const links = await findLinks(db, valuesOf(all, 'linkId'));
  return all.flatMap(({ row, claim: { unverifiedToken = '', linkId } }) => {
    if (linkId !== undefined) {
      const link = links.get(linkId);
      if (link === undefined || isForAddressOnly(link)) return [];
      const { userId, purpose, mailId } = link;
      const details = { ...row.details, purpose, ...(mailId !== undefined && { mailId }) };
      return [{ ...row, userId, details }];
    }
    const owner = sessions.get(unverifiedToken);
    if (owner === undefined) return [row];
    return [{ ...row, userId: owner.userId, session: tokenFingerprint(unverifiedToken) }];
  });
}

function valuesOf(all: readonly Claimed[], name: keyof Claim): string[] {
  return [...new Set(all.flatMap(({ claim }) => claim[name] ?? []))].slice(0, maxLookups);
}

async function findSessions(db: OrmOrTransaction, tokens: string[]) {
  const columns = { token: session.token, userId: session.userId };
  const found =
    tokens.length === 0
      ? []
      : await db.select(columns).from(session).where(inArray(session.token, tokens));
  return new Map(found.map((one) => [one.token, one]));
}
