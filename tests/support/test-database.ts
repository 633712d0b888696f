/** A separate database for each test file, cloned from the migrated template. */
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { connectOnce } from '../../src/db/client.js';
import { templateName } from './global-setup.js';

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Runs one statement on a connection that no other query uses, and returns the rows. */
  query<Row extends Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** @param options.empty starts from nothing instead of the migrated template */
export async function createTestDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const adminUrl = inject('adminUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = options.empty === true ? 'template1' : templateName;
  // file_copy: for a database of this size, logging each page costs more than copying the files (25 ms of CPU, not 15).
  await queryOnce(adminUrl, `create database ${name} template ${template} strategy file_copy`);
  const url = new URL(adminUrl);
  url.pathname = name;
  const connections = createConnections(url.href);
  return {
    url: url.href,
    name,
    query: connections.query,
    async drop() {
      await connections.close();
      await queryOnce(adminUrl, `drop database ${name} with (force)`);
    },
  };
}

type Client = Awaited<ReturnType<typeof connectOnce>>;
type Connections = Pick<TestDatabase, 'query'> & { close(): Promise<void> };

/** Pooled connections whose session state is reset before the next query. */
function createConnections(url: string): Connections {
  const idle = new Set<Client>();
  const open = async () => {
    const client = await connectOnce(url);
    client.once('end', () => idle.delete(client));
    return client;
  };
  return {
    async query<Row extends Record<string, unknown>>(text: string, values?: unknown[]) {
      const [client = await open()] = idle;
      idle.delete(client);
      try {
        const { rows } = await client.query<Row>(text, values);
        await client.query('discard all');
        idle.add(client);
        return rows;
      } catch (error) {
        await client.end();
        throw error;
      }
    },
    async close() {
      await Promise.all([...idle].map((client) => client.end()));
    },
  };
}

async function queryOnce(url: string, text: string): Promise<void> {
  const client = await connectOnce(url);
  await client.query(text).finally(() => client.end());
}
