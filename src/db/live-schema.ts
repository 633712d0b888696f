/** Reads the live database's schema from PostgreSQL's catalogue in one query. */
import { sql } from 'drizzle-orm';
import type { Orm } from './client.js';
import type { ExpectedTable } from './expected-schema.js';

export interface LiveColumn {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  /** Filled by the database: an identity or a generated column. */
  readonly isGenerated: boolean;
}

export interface LiveIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  readonly primary: boolean;
  readonly method: string;
  /** Valid, complete, covering every row (not partial), and checked immediately (not deferred). */
  readonly isWhole: boolean;
  readonly isConstraint: boolean;
}

export interface LiveForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** null if the table cannot be found by its unqualified name. */
  readonly foreignTable: string | null;
  readonly foreignColumns: readonly string[];
  readonly onDelete: string;
  readonly isEnforced: boolean;
}

export interface LiveTable {
  readonly name: string;
  /** The current role, quoted as in SQL. */
  readonly role: string;
  /** Its schema, quoted as in SQL. */
  readonly schema: string;
  /** Whether the role may use that schema. If not, the unqualified table name cannot be resolved. */
  readonly isOpen: boolean;
  /** Privileges the role lacks, of `select`, `insert`, `update` and `delete`. */
  readonly missingRights: readonly string[];
  /** Row level security applies to the role and there is no policy: it sees no rows and gets no error. */
  readonly isHidden: boolean;
  readonly columns: readonly LiveColumn[];
  readonly indexes: readonly LiveIndex[];
  readonly foreignKeys: readonly LiveForeignKey[];
}

/**
 * First the tables that unqualified names resolve to, in any schema of the search_path: current_schema() is only the
 * first of these schemas, and an empty one before the others hides nothing. Then the tables that unqualified names would
 * resolve to if the role could use their schema. Reads only tables and indexes with our names, because the database may
 * be shared and /ready is public. Uses pg_catalog because information_schema hides objects the role may not read, and
 * reads `conenforced` through JSON because it only exists since PostgreSQL 18.
 */
const catalogue = (tables: readonly string[], indexes: readonly string[]) => sql`
  select t.relname as "name", quote_ident(current_user) as "role",
    quote_ident(n.nspname) as "schema", has_schema_privilege(n.oid, 'usage') as "isOpen",
    array_to_json(array(
      select r.name from unnest(array['select', 'insert', 'update', 'delete']) with ordinality as r (name, position)
      where not has_table_privilege(t.oid, r.name) order by r.position
    )) as "missingRights",
    -- false for owners and roles with BYPASSRLS
    row_security_active(t.oid) and not exists (select from pg_policy where polrelid = t.oid) as "isHidden",
    array_to_json(array(
      select json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
        'notNull', a.attnotnull, 'default', pg_get_expr(d.adbin, d.adrelid),
        'isGenerated', a.attidentity <> '' or a.attgenerated <> '')
      from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped order by a.attnum
    )) as "columns",
    array_to_json(array(
      select json_build_object('name', c.relname, 'method', m.amname, 'unique', i.indisunique,
        'primary', i.indisprimary,
        'isWhole', i.indisvalid and i.indisready and i.indimmediate and i.indpred is null,
        'isConstraint', exists (select from pg_constraint k
          where k.conindid = i.indexrelid and k.conrelid = t.oid and k.contype in ('p', 'u', 'x')),
        'columns', array(select coalesce(a.attname, '') from unnest(i.indkey) with ordinality as k (number, position)
          left join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number and k.number > 0
          where k.position <= i.indnkeyatts order by k.position))
      from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
      where i.indrelid = t.oid order by c.relname
    )) as "indexes",
    array_to_json(array(
      select json_build_object('name', k.conname,
        'columns', array(select a.attname from unnest(k.conkey) with ordinality as n (number, position)
          join pg_attribute a on a.attrelid = t.oid and a.attnum = n.number order by n.position),
        'foreignTable', case when pg_table_is_visible(f.oid) then f.relname end,
        'foreignColumns', array(select a.attname from unnest(k.confkey) with ordinality as n (number, position)
          join pg_attribute a on a.attrelid = f.oid and a.attnum = n.number order by n.position),
        'onDelete', case k.confdeltype when 'c' then 'cascade' when 'r' then 'restrict'
          when 'n' then 'set null' when 'd' then 'set default' else 'no action' end,
        'isEnforced', coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true))
      from pg_constraint k join pg_class f on f.oid = k.confrelid
      where k.conrelid = t.oid and k.contype = 'f' order by k.conname
    )) as "foreignKeys"
  from pg_class t join pg_namespace n on n.oid = t.relnamespace
  where t.relkind in ('r', 'p') and (
    pg_table_is_visible(t.oid) and (t.relname in ${tables} or exists (
      select from pg_index i join pg_class c on c.oid = i.indexrelid
      where i.indrelid = t.oid and c.relname in ${indexes}))
    -- PostgreSQL ignores schemas of the search_path that the role may not use
    or t.relname in ${tables} and not has_schema_privilege(n.oid, 'usage') and n.nspname in (
      select replace(btrim(name, ' "'), '$user', current_user)
      from unnest(string_to_array(current_setting('search_path'), ',')) as name))
  order by "isOpen" desc`;

/**
 * @param expected the tables to find by name; other tables that have an index with one of their index names are included
 * @throws the driver's error if the database is unavailable
 */
export async function readLiveSchema(
  orm: Pick<Orm, 'execute'>,
  expected: readonly ExpectedTable[],
): Promise<LiveTable[]> {
  const indexes = expected.flatMap((table) => table.indexes.map(({ name }) => name));
  const query = catalogue(
    expected.map(({ name }) => name),
    indexes,
  );
  const { rows } = await orm.execute<LiveTable & Record<string, unknown>>(query);
  return rows;
}
