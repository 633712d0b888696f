/**
 * Counts equal refusals of an hour in one row. A visitor can cause any number of refusals, so the number of rows is
 * bounded, not their counts. They are counted in memory until they are written.
 */
import { createHash } from 'node:crypto';
import { inArray, sql } from 'drizzle-orm';
import type { Refusal } from '../../audit.js';
import type { OrmOrTransaction } from '../../db/client.js';
import { session } from '../../db/schema.js';
import { tokenFingerprint } from '../../session/signed-token.js';
import type { AuditRow } from './event-row.js';
import { auditEvent } from './tables.js';

const hourMs = 3_600_000;

/** Different ones that are counted at once; further ones are dropped until the next write. */
const maxRows = 500;

/** So many equal refusals of an hour have a row each, so that each of their request ids can be found. */
const singleRows = 5;

/** Tokens that are looked up in one write. */
const maxTokens = 100;

type FoldedRow = AuditRow & { readonly firstAt: Date; lastAt: Date; count: number };

interface Folded {
  readonly row: FoldedRow;
  readonly unverifiedToken: string | undefined;
}

/** @param onDropped called for each refusal that could not be counted */
export function createFoldedEvents(onDropped: () => void) {
  let folded = new Map<string, Folded>();
  let seen = new Map<string, number>();
  let hour = 0;

  /** Whether the refusal should get a row of its own. */
  function isSingle({ kind }: AuditRow, id: string): boolean {
    if (kind === 'session_check') return false;
    const times = (seen.get(id) ?? 0) + 1;
    if (times <= singleRows && (times > 1 || seen.size < maxRows)) seen.set(id, times);
    return times <= singleRows && seen.has(id);
  }

  return {
    get size() {
      return folded.size;
    },

    /** @returns the row if it should be written separately */
    add(row: AuditRow, unverifiedToken?: Refusal['unverifiedToken']): AuditRow | undefined {
      const { at: time } = row;
      const identity = { ...row, id: undefined, requestId: undefined, at: undefined };
      const start = Math.floor(time.getTime() / hourMs) * hourMs;
      if (start !== hour) seen = new Map();
      hour = start;
      const key = JSON.stringify([start, identity, unverifiedToken]);
      const id = createHash('sha256').update(key).digest('hex').slice(0, 32);
      if (isSingle(row, id)) return row;
      const known = folded.get(id)?.row;
      if (known !== undefined) {
        known.count += 1;
        known.lastAt = time;
      } else if (folded.size < maxRows) {
        const first = { ...row, id, at: new Date(start), count: 1, firstAt: time, lastAt: time };
        folded.set(id, { unverifiedToken, row: first });
      } else {
        onDropped();
      }
      return undefined;
    },

    /** Writes the counts. @throws what the driver throws; the counts are kept then */
    async write(db: OrmOrTransaction): Promise<void> {
      if (folded.size === 0) return;
      const taken = folded;
      folded = new Map();
      try {
        await db
          .insert(auditEvent)
          .values(await withUsers(db, [...taken.values()]))
          .onConflictDoUpdate({
            target: [auditEvent.at, auditEvent.id],
            set: {
              count: sql`${auditEvent.count} + excluded.count`,
              lastAt: sql`greatest(${auditEvent.lastAt}, excluded.last_at)`,
            },
          });
      } catch (error) {
        for (const [id, one] of taken) {
          const later = folded.get(id);
          if (later !== undefined) later.row.count += one.row.count;
          else if (folded.size < maxRows) folded.set(id, one);
        }
        throw error;
      }
    },
  };
}

/** Names the user of credentials that did not verify, where their session exists. */
async function withUsers(db: OrmOrTransaction, all: readonly Folded[]): Promise<AuditRow[]> {
  const tokens = new Set(all.flatMap(({ unverifiedToken }) => unverifiedToken ?? []));
  if (tokens.size === 0) return all.map(({ row }) => row);
  const found = await db
    .select({ token: session.token, userId: session.userId })
    .from(session)
    .where(inArray(session.token, [...tokens].slice(0, maxTokens)));
  const users = new Map(found.map(({ token, userId }) => [token, userId]));
  return all.map(({ row, unverifiedToken = '' }) => {
    const userId = users.get(unverifiedToken);
    return userId === undefined
      ? row
      : { ...row, userId, session: tokenFingerprint(unverifiedToken) };
  });
}
