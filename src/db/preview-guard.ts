/**
 * Prevents preview builds from migrating production's database. A preview only migrates if the operator declares that
 * previews have their own database and nothing in the database contradicts that.
 */
import { sql } from 'drizzle-orm';
import type { Environment } from '../config/environment.js';
import { neonBranch } from './canary.js';
import type { Orm } from './client.js';

type CanExecute = Pick<Orm, 'execute'>;

/** The migration is not allowed; the message says why in one sentence. */
export class MigrationRefusedError extends Error {
  override readonly name = 'MigrationRefusedError';
}

/**
 * The base URL of the production deployment that uses this database, from its canary. A canary that was copied to a Neon
 * branch names the parent branch and is ignored.
 * @returns undefined if there is none
 */
export async function findProductionCanary(orm: CanExecute): Promise<string | undefined> {
  if (!(await hasTable(orm, 'deployment_canary'))) return undefined;
  const { rows } = await orm.execute<{ base_url: string }>(sql`
    select base_url from deployment_canary
    where environment = 'production'
      and (branch is null or ${neonBranch} is null or branch = ${neonBranch})
    order by left_at desc limit 1`);
  return rows[0]?.base_url;
}

/**
 * Does nothing outside previews (`VERCEL_ENV=preview`).
 * @param variable the variable that contains the database URL
 * @throws MigrationRefusedError unless the database is declared to belong to previews and cannot be production's
 */
export async function assertNotProductionDatabase(
  orm: CanExecute,
  env: Environment,
  variable: string,
): Promise<void> {
  if (env.VERCEL_ENV !== 'preview') return;
  if (env.MIGRATE_IN_PREVIEW !== 'on') {
    throw new MigrationRefusedError(
      `a preview build only migrates with MIGRATE_IN_PREVIEW=on, which declares that ${variable} points to a database that production does not use`,
    );
  }
  const production = await findProductionCanary(orm);
  if (production !== undefined) {
    throw new MigrationRefusedError(
      `${variable} points to the database of ${production}, which is production: give previews their own database or Neon branch (in a copy that still contains production's canary: DELETE FROM "deployment_canary" WHERE "environment" = 'production')`,
    );
  }
  if (!(await hasRows(orm, 'deployment_canary')) && (await hasRows(orm, 'user'))) {
    throw new MigrationRefusedError(
      `${variable} points to a database that has users but no deployment's canary, so it may be production's: deploy this version to production first, or start previews on an empty database`,
    );
  }
}

async function hasTable(orm: CanExecute, name: string): Promise<boolean> {
  const found = sql`select to_regclass(quote_ident(${name})) is not null as found`;
  return (await orm.execute<{ found: boolean }>(found)).rows[0]?.found === true;
}

async function hasRows(orm: CanExecute, name: string): Promise<boolean> {
  if (!(await hasTable(orm, name))) return false;
  const found = sql`select exists (select from ${sql.identifier(name)}) as found`;
  return (await orm.execute<{ found: boolean }>(found)).rows[0]?.found === true;
}
