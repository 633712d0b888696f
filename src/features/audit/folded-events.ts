/**
 * Counts equal events of an hour in one row. A visitor can cause any number of them, so the number of rows is bounded, not
 * their counts. They are counted in memory until they are written.
 */
import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../db/client.js';
import { attributeRows, type Claim, type Claimed } from './attribute-rows.js';
import type { AuditRow } from './event-row.js';
import { auditEvent } from './tables.js';

const hourMs = 3_600_000;

/** Different ones that are counted at once; further ones are dropped until the next write. */
const maxRows = 500;

/**
 * Different ones of an hour: of a kind, if they name nobody, and of a session or user. A visitor chooses browser, network and page:
 * further ones are counted without browser and network, and without the page. Pages of trusted origins are kept, and of those that
 * name nobody also the first other ones of the hour.
 */
const maxAnonymous = 2_000;
const maxNamed = 100;
const maxSites = 20;

/** So many equal ones of an hour have a row each, so that each of their request ids can be found. */
const singleRows = 5;

type FoldedRow = AuditRow & { readonly firstAt: Date; lastAt: Date; count: number };

interface Folded extends Claimed {
  readonly row: FoldedRow;
}

/** Kinds of which no single one is of interest. */
const alwaysFolded: readonly string[] = ['session_check', 'link_open'];

/**
 * @param trustedOrigins of the service's own pages
 * @param onDropped called for each one that could not be counted
 */
export function createFoldedEvents(trustedOrigins: readonly string[], onDropped: () => void) {
  const trusted = new Set(trustedOrigins);
  let folded = new Map<string, Folded>();
  let seen = new Map<string, number>();
  let different = new Map<string, Set<string>>();
  let sites = new Set<string>();
  let hour = 0;

  /** Whether the event should get a row of its own. */
  function isSingle({ kind }: AuditRow, id: string): boolean {
    if (alwaysFolded.includes(kind)) return false;
    const times = (seen.get(id) ?? 0) + 1;
    if (times <= singleRows && (times > 1 || seen.size < maxRows)) seen.set(id, times);
    return times <= singleRows && seen.has(id);
  }

  function bounded(row: AuditRow, claim: Claim): { row: AuditRow; claim: Claim } {
    const { kind, session, userId, site } = row;
    const name = session ?? userId ?? undefined;
    if (name === undefined && sites.size < maxSites && site && !trusted.has(site)) sites.add(site);
    const key = name === undefined ? kind : `of ${name}`;
    const known = different.get(key) ?? new Set();
    different.set(key, known);
    const id = idOf([identityOf(row), claim]);
    if (known.size < (name === undefined ? maxAnonymous : maxNamed)) known.add(id);
    if (known.has(id)) return { row, claim };
    // Events of links that do not exist are not written.
    const { linkId } = claim;
    const keepsSite = site && (trusted.has(site) || (name === undefined && sites.has(site)));
    return { row: withoutClient(row, keepsSite ? site : null), claim: { linkId } };
  }

  return {
    get size() {
      return folded.size;
    },

    /** @returns the row if it should be written separately */
    add(event: AuditRow, claimed: Claim = {}): AuditRow | undefined {
      const { at: time } = event;
      const start = Math.floor(time.getTime() / hourMs) * hourMs;
      if (start !== hour) {
        seen = new Map();
        different = new Map();
        sites = new Set();
      }
      hour = start;
      const { row, claim } = bounded(event, claimed);
      const id = idOf([start, identityOf(row), claim]);
      if (row === event && isSingle(row, id)) return row;
      const known = folded.get(id)?.row;
      if (known !== undefined) {
        known.count += 1;
        known.lastAt = time;
      } else if (folded.size < maxRows) {
        const first = { ...row, id, at: new Date(start), count: 1, firstAt: time, lastAt: time };
        folded.set(id, { claim, row: first });
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
        const rows = await attributeRows(db, [...taken.values()]);
        if (rows.length === 0) return;
        await db
          .insert(auditEvent)
          .values(rows)
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

function identityOf(row: AuditRow) {
  return { ...row, id: undefined, requestId: undefined, at: undefined };
}

function withoutClient(row: AuditRow, site: string | null): AuditRow {
  const caller = row.details?.caller;
  return {
    ...row,
    account: null,
    device: null,
    network: null,
    site,
    details: caller === undefined ? null : { caller },
  };
}

function idOf(identity: unknown): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
}
