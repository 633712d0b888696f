/** Faults of the database itself. */
import { connectOnce } from '../../src/db/client.js';
import { until } from '../support/until.js';
import type { FaultList } from './fault.js';
import type { System } from './system.js';

const noneSignedOut = 'errors; nobody is signed out';

export const databaseFaults: FaultList = [
  {
    name: 'Database killed',
    users: noneSignedOut,
    todo: 'start it; the service reconnects by itself',
    fails: 'reads and writes',
    causes: ['DATABASE_UNREACHABLE', 'DATABASE_RESTARTING'],
    async begin({ cluster }) {
      await cluster.kill();
      return () => cluster.start();
    },
  },
  {
    name: 'Database stopped for a restart',
    users: noneSignedOut,
    todo: 'nothing, or start it',
    fails: 'reads and writes',
    causes: ['DATABASE_UNREACHABLE', 'DATABASE_RESTARTING'],
    async begin({ cluster }) {
      await cluster.stop();
      return () => cluster.start();
    },
  },
  {
    name: 'Database suspended',
    users: noneSignedOut,
    todo: 'continue or restart it',
    fails: 'reads and writes',
    causes: ['DATABASE_NOT_ANSWERING', 'DATABASE_SLOW'],
    begin: ({ cluster }) => Promise.resolve(cluster.suspend()),
  },
  {
    name: 'Database read-only',
    users: 'they stay signed in; sign-in, sign-up, sign-out and changes fail',
    todo: 'use the URL of the primary, or free its disk and lift the restriction',
    fails: 'writes',
    causes: ['DATABASE_READ_ONLY'],
    async begin(system) {
      await system.cluster.query('alter system set default_transaction_read_only = on');
      await system.cluster.query('select pg_reload_conf()');
      await closeConnections(system); // as a failover does
      return async () => {
        const client = await connectOnce(system.cluster.url);
        await client.query('set default_transaction_read_only = off');
        await client.query('alter system reset default_transaction_read_only');
        await client.query('select pg_reload_conf()');
        await client.end();
        await closeConnections(system);
      };
    },
  },
  {
    name: 'Database full of connections',
    users: noneSignedOut,
    todo: 'find who holds them in `pg_stat_activity`; use a pooler or raise `max_connections`',
    fails: 'reads and writes',
    causes: ['DATABASE_FULL'],
    async begin(system) {
      const clients: Awaited<ReturnType<typeof connectOnce>>[] = [];
      const fill = async () => {
        for (;;) {
          try {
            clients.push(await connectOnce(system.cluster.url));
          } catch {
            return;
          }
        }
      };
      await fill();
      const [first] = clients;
      // Until the service, which connects again meanwhile, has none of them.
      await until(async () => {
        await first?.query(terminate);
        await fill();
        return (await first?.query(`select pid ${ofService}`))?.rowCount === 0;
      });
      return async () => {
        await Promise.all(clients.map((client) => client.end()));
      };
    },
  },
  {
    name: 'Tables locked',
    users: `${noneSignedOut}; the answer takes up to ten seconds`,
    todo: 'end the statement that holds the lock: `pg_blocking_pids`, `pg_terminate_backend`',
    fails: 'reads and writes',
    causes: ['DATABASE_SLOW', 'DATABASE_OVERLOADED', 'DATABASE_LOCKED'],
    async begin({ cluster }) {
      const client = await connectOnce(cluster.url);
      await client.query('begin');
      await client.query(
        'lock table "user", account, session, rate_limit, verification, mailed_link, mail_outbox in access exclusive mode',
      );
      return () => client.end();
    },
  },
];

/** Connections of the service, as the pool names them. */
const ofService = `from pg_stat_activity where application_name = 'auth-service'`;

const terminate = `select pg_terminate_backend(pid) ${ofService}`;

async function closeConnections({ cluster }: System): Promise<void> {
  await cluster.query(terminate);
}
