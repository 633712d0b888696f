/**
 * Starts one PostgreSQL for the whole run, migrates the template from which every test file's database is cloned, and
 * builds the programs that tests start.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { connectOnce } from '../../src/db/client.js';
import { migrateDatabase } from '../../src/db/migrate.js';
import { startEmbeddedPostgres } from '../../src/dev/embedded-postgres.js';
import { buildSource } from './built-source.js';
import { makeMemoryFolder } from './memory-folder.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of the cluster's main database, for creating and dropping others. */
    adminUrl: string;
    /** Contains the built programs (built-source.ts). */
    builtFolder: string;
  }
}

export const templateName = 'template_migrated';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDirectory = await makeMemoryFolder('auth-service-tests-');
  const postgres = await startEmbeddedPostgres({
    dataDirectory,
    // No durability is needed here.
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '300',
      scram_iterations: '1',
    },
  });
  const admin = await connectOnce(postgres.url);
  // SCRAM with one iteration: each of some thousand connections would otherwise cost both sides milliseconds.
  const { password } = new URL(postgres.url);
  await admin.query(`alter role postgres password '${decodeURIComponent(password)}'`);
  await admin.query(`create database ${templateName}`);
  await admin.end();
  const url = new URL(postgres.url);
  url.pathname = templateName;
  await migrateDatabase({ url: url.href, onProgress: () => undefined });
  project.provide('adminUrl', postgres.url);
  const builtFolder = await mkdtemp(join(tmpdir(), 'auth-service-built-'));
  project.onTestsRerun(await buildSource(builtFolder));
  project.provide('builtFolder', builtFolder);

  return async function teardown() {
    await postgres.stop();
    for (const folder of [dataDirectory, builtFolder])
      await rm(folder, { recursive: true, force: true });
  };
}
