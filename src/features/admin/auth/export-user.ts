/** All that is stored about a user, as one document (GDPR, articles 15 and 20). */
import { eq, getTableColumns, getTableName, is } from 'drizzle-orm';
import { PgTable, type PgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import type { OrmOrTransaction } from '../../../db/client.js';
import { allTables } from '../../../db/all-tables.js';
import { user } from '../../../db/schema.js';
import { CallRefused } from '../call.js';
import { exportPlan, notExported, type ExportedTable } from './export-plan.js';
import { operatorEvent, type Handlers, type HandlerServices } from './handler.js';
import { readInput } from './input.js';

/** Per table; the document says where there were more. */
const maxRows = 20_000;

interface ExportedRows {
  readonly table: string;
  readonly rows: readonly Record<string, unknown>[];
  readonly isTruncated: boolean;
}

export function createExport({
  database: { orm },
  audit,
  now,
}: HandlerServices): Pick<Handlers, 'exportUser'> {
  return {
    async exportUser(call) {
      readInput(z.strictObject({}), call.input);
      await audit.flush();
      const owner = { id: user.id, email: user.email };
      const [found] = await orm.select(owner).from(user).where(eq(user.id, call.userId));
      if (found === undefined) throw new CallRefused('USER_NOT_FOUND');
      await audit.record(orm, operatorEvent(call, 'user_export', found.id));
      const plan: Readonly<Record<string, ExportedTable>> = exportPlan;
      const exported: ExportedRows[] = [];
      for (const table of Object.values(allTables)) {
        if (!is(table, PgTable)) continue;
        const planned = plan[getTableName(table)];
        if (planned !== undefined) exported.push(await exportTable(orm, table, planned, found));
      }
      return {
        exportedAt: now(),
        userId: found.id,
        tables: Object.fromEntries(exported.map(({ table, rows }) => [table, rows])),
        truncatedTables: exported
          .filter(({ isTruncated }) => isTruncated)
          .map(({ table }) => table),
        leftOut: {
          columns: Object.fromEntries(
            Object.entries(plan).map(([table, { omitted }]) => [table, omitted]),
          ),
          tables: notExported,
        },
      };
    },
  };
}

async function exportTable(
  orm: OrmOrTransaction,
  table: PgTable,
  { by, columns }: ExportedTable,
  owner: { readonly id: string; readonly email: string },
): Promise<ExportedRows> {
  const all = getTableColumns(table) as Readonly<Record<string, PgColumn>>;
  const key = columnOf(all, by);
  const selected = Object.fromEntries(columns.map((name) => [name, columnOf(all, name)]));
  const rows = await orm
    .select(selected)
    .from(table)
    .where(eq(key, by === 'email' ? owner.email : owner.id))
    .limit(maxRows + 1);
  return {
    table: getTableName(table),
    rows: rows.slice(0, maxRows),
    isTruncated: rows.length > maxRows,
  };
}

function columnOf(columns: Readonly<Record<string, PgColumn>>, name: string): PgColumn {
  const column = columns[name];
  if (column === undefined)
    throw new Error(`the export plan names a column that does not exist: ${name}`);
  return column;
}
