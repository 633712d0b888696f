/** A database of its own for each test file, cloned from the migrated template. */
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { connectOnce } from '../../src/db/client.js';
import { templateName } from './global-setup.js';

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Runs one statement on a connection of its own and gives the rows. */
  query<Row extends Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** @param options.empty starts from nothing instead of the migrated template */
export async function createTestDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const adminUrl = inject('adminUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = options.empty === true ? 'template1' : templateName;
  await run(adminUrl, `create database ${name} template ${template}`);
  const url = new URL(adminUrl);
  url.pathname = name;
  return {
    url: url.href,
    name,
    query: (text, values) => run(url.href, text, values),
    async drop() {
      await run(adminUrl, `drop database ${name} with (force)`);
    },
  };
}

async function run<Row extends Record<string, unknown>>(
  url: string,
  text: string,
  values?: unknown[],
): Promise<Row[]> {
  const client = await connectOnce(url);
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
