/** Writes the audit trail: events with a change in its transaction, all others from a queue after the response. */
import type { AuditEvent, AuditTrail } from '../../audit.js';
import { databaseFault } from '../../db/database-error.js';
import { afterInsert } from '../../db/joined-inserts.js';
import { throttleLines } from '../../log/throttle-lines.js';
import type { AuditServices } from '../slots.js';
import { counterName } from './counters.js';
import { toRow, type AuditRow } from './event-row.js';
import type { AuditSettings } from './feature.js';
import { createFoldedEvents } from './folded-events.js';
import { auditEvent } from './tables.js';

/** Events that wait while the database is away; the oldest are dropped beyond it. */
const maxQueued = 2_000;

const batchRows = 200;

export function createAuditTrail(settings: AuditSettings, services: AuditServices): AuditTrail {
  const { database, now, logger, count, scopes, sender, config } = services;
  const folded = createFoldedEvents(config.trustedOrigins, () => count(counterName, 'dropped'));
  let queue: AuditRow[] = [];
  let flushing: Promise<void> | undefined;
  const omittedWarnings = throttleLines();

  const rowOf = (event: AuditEvent) => toRow(event, scopes.getStore() ?? {}, settings, now());

  function enqueue(row: AuditRow): void {
    queue.push(row);
    if (queue.length <= maxQueued) return;
    queue.shift();
    count(counterName, 'dropped');
  }

  async function writeBatch(): Promise<void> {
    const batch = queue.slice(0, batchRows);
    let result: 'written' | 'dropped' = 'written';
    try {
      await database.orm.transaction(async (tx) => {
        await tx.insert(auditEvent).values(batch).onConflictDoNothing();
        await sender?.enqueue(tx, batch);
      });
    } catch (error) {
      // A row that the database refuses would be refused every time, and those behind it would never be written.
      if (databaseFault(error) === 'unavailable') throw error;
      result = 'dropped';
      logger.error({ err: error }, 'events of the audit trail were refused by the database');
    }
    const done = new Set(batch);
    queue = queue.filter((row) => !done.has(row));
    batch.forEach(() => {
      count(counterName, result);
    });
  }

  async function writeAll(): Promise<void> {
    try {
      while (queue.length > 0) await writeBatch();
      await folded.write(database.orm);
    } catch (err) {
      const omittedLines = omittedWarnings();
      if (omittedLines === undefined) return;
      const fields = {
        err,
        queued: queue.length + folded.size,
        ...(omittedLines > 0 && { omittedLines }),
      };
      logger.warn(fields, 'the audit trail cannot be written');
    }
  }

  return {
    async record(db, ...events) {
      if (events.length === 0) return;
      const rows = events.map(rowOf);
      const write = async (on: typeof db) => {
        await on.insert(auditEvent).values(rows);
        await sender?.enqueue(on, rows);
      };
      const { orm } = database;
      // A process that is killed between two statements would leave an event that no receiver ever learns of.
      await (sender !== undefined && db === orm ? orm.transaction(write) : write(db));
      afterInsert(orm, db, () => {
        events.forEach(() => {
          count(counterName, 'written');
        });
      });
    },
    note: (event) => enqueue(rowOf(event)),
    noteRepeatable({ unverifiedToken, linkId, ...event }) {
      const single = folded.add(rowOf(event), { unverifiedToken, linkId });
      if (single !== undefined) enqueue(single);
    },
    async flush() {
      // A second caller waits for what it has queued, which the first may have missed.
      while (flushing !== undefined) await flushing;
      flushing = writeAll().finally(() => {
        flushing = undefined;
      });
      await flushing;
    },
  };
}
