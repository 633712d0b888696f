/**
 * Keeps preview builds from migrating production's database. Two things must both hold: the operator says that
 * previews have a database of their own, and nothing in it says otherwise.
 */
import { sql } from 'drizzle-orm';
import type { Environment } from '../config/environment.js';
import { neonBranch } from './canary.js';
import type { Orm } from './client.js';

type CanExecute = Pick<Orm, 'execute'>;

/** A migration that must not be, told in one sentence. */
export class MigrationRefusedError extends Error {
  override readonly name = 'MigrationRefusedError';
}

/**
 * The base URL of the production deployment that lives in this database, by the canary it left. On a Neon branch of
 * production's the canary was copied, but names the branch it was left on, and so does not count.
 * @returns undefined where there is none
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
 * Does nothing outside a preview (`VERCEL_ENV=preview`).
 * @param variable the one that leads to the database
 * @throws MigrationRefusedError where the database is not told to be the previews' own, or is production's, or may be
 */
export async function assertNotProductionDatabase(
  orm: CanExecute,
  env: Environment,
  variable: string,
): Promise<void> {
  if (env.VERCEL_ENV !== 'preview') return;
  if (env.MIGRATE_IN_PREVIEW !== 'on') {
    throw new MigrationRefusedError(
      `a preview build migrates nothing unless MIGRATE_IN_PREVIEW=on says that ${variable} leads to a database of the previews' own`,
    );
  }
  const production = await findProductionCanary(orm);
  if (production !== undefined) {
    throw new MigrationRefusedError(
      `${variable} leads to the database of ${production}, which is production: give previews a database or a Neon branch of their own (in a copy that keeps production's mark: DELETE FROM "deployment_canary" WHERE "environment" = 'production')`,
    );
  }
  if (!(await hasRows(orm, 'deployment_canary')) && (await hasRows(orm, 'user'))) {
    throw new MigrationRefusedError(
      `${variable} leads to a database with users in which no deployment has left its mark, so it may be production's: deploy this version to production first, or start previews on an empty database`,
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
