import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectOnce } from '../../src/db/client.js';
import { migrateDatabase } from '../../src/db/migrate.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/dev/embedded-postgres.js';
import { freePort } from '../../src/dev/free-port.js';
import { startServer } from '../support/child-process.js';
import { certificateFor } from '../support/certificate.js';
import type { TestDatabase } from '../support/test-database.js';
import {
  startTestService,
  testEnvironment,
  type TestServiceOptions,
} from '../support/test-service.js';
import { expectUnavailable } from '../support/unavailable.js';
import { until } from '../support/until.js';
import { Visitor } from '../support/visitor.js';
import { createAuthority, type Authority } from './certificates.js';
import { startInTheMiddle } from './other-certificate.js';
import { startPgBouncer, type PgBouncer } from './pgbouncer.js';

let folder: string;
let authority: Authority;
let postgres: EmbeddedPostgres;
let pgbouncer: PgBouncer;
let testDatabase: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auth-service-tls-'));
  await chmod(folder, 0o755); // PostgreSQL's account reads the certificates
  authority = await createAuthority(folder);
  const server = await authority.sign('server', 'localhost');
  postgres = await startEmbeddedPostgres({
    dataDirectory: join(folder, 'data'),
    settings: {
      ssl: 'on',
      ssl_cert_file: server.certificate,
      ssl_key_file: server.key,
      fsync: 'off',
    },
  });
  await migrateDatabase({ url: postgres.url, onProgress: () => undefined });
  testDatabase = {
    url: postgres.url,
    name: 'postgres',
    async query<Row extends Record<string, unknown>>(text: string, values?: unknown[]) {
      const client = await connectOnce(postgres.url);
      const { rows } = await client.query<Row>(text, values).finally(() => client.end());
      return rows;
    },
    drop: () => Promise.resolve(),
  };
  pgbouncer = await startPgBouncer(postgres.url, 3, { ...server, authority: authority.file });
});
afterAll(async () => {
  await pgbouncer.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Like a URL of Neon's console, except for host and port. @param parameters after the question mark */
function neonUrl(parameters: string, of: string = pgbouncer.url, hostname = 'localhost'): string {
  const url = new URL(of);
  url.hostname = hostname;
  url.search = parameters;
  return url.href;
}

const trusted = (parameters: string) => `${parameters}&sslrootcert=${authority.file}`;

async function startService(databaseUrl: string, options: TestServiceOptions = {}) {
  return startTestService({ testDatabase, env: { DATABASE_URL: databaseUrl }, ...options });
}

test.each(['sslmode=require', 'sslmode=verify-full', 'sslmode=require&channel_binding=require'])(
  'the server on ?%s signs a user up through PgBouncer, and no word on stderr',
  async (query) => {
    const port = await freePort();
    const service = startServer({
      ...(testEnvironment as Record<string, string>),
      PORT: String(port),
      DATABASE_URL: neonUrl(query),
      NODE_EXTRA_CA_CERTS: authority.file,
    });
    const startup = await service.logLine(({ msg }) => msg === 'startup');
    expect(startup).toMatchObject({ database: { status: 'ready', name: 'postgres' } });
    const visitor = new Visitor({ url: `http://127.0.0.1:${port}` });
    expect((await visitor.signUp()).status).toBe(200);
    expect((await visitor.ask('/session')).status).toBe(200);
    expect(await service.stop()).toBe(0);
    expect(service.stderr()).toBe('');
  },
);

test.each(['sslmode=require', 'sslmode=verify-full', 'sslmode=require&channel_binding=require'])(
  'without a pooler, ?%s is really encrypted',
  async (query) => {
    const service = await startService(neonUrl(trusted(query), postgres.url));
    const visitor = new Visitor(service);
    expect((await visitor.signUp()).status).toBe(200);
    const rows = await testDatabase.query(
      `select distinct ssl from pg_stat_ssl join pg_stat_activity using (pid)
       where application_name = 'auth-service'`,
    );
    expect(rows).toEqual([{ ssl: true }]);
    await service.stop();
  },
);

const refusals: [what: string, url: () => string, code: string, says: RegExp][] = [
  [
    'a certificate for another host',
    () => neonUrl(trusted('sslmode=require'), pgbouncer.url, '127.0.0.1'),
    'DATABASE_CERTIFICATE_NAME',
    /another host name/,
  ],
  [
    'a certificate of an unknown authority',
    () => neonUrl('sslmode=require'),
    'DATABASE_CERTIFICATE_UNKNOWN',
    /not signed by a trusted authority/,
  ],
  [
    'an authority’s file that is not there',
    () => neonUrl('sslmode=verify-full&sslrootcert=/nowhere/ca.pem'),
    'DATABASE_CERTIFICATE_FILE',
    /cannot be read/,
  ],
];

test.each(refusals)('%s is refused, and the log names it', async (_what, url, code, says) => {
  const service = await startService(url());
  expectUnavailable(await new Visitor(service).signUp());
  const line = await service.logLine(({ msg }) => msg === 'database unavailable');
  expect(line).toMatchObject({ level: 'error', code, variable: 'DATABASE_URL' });
  expect(line.seen).toMatch(says);
  await service.logStartupReport();
  const startup = service.logLines().find(({ msg }) => msg === 'startup');
  expect(startup?.findings).toContainEqual(expect.objectContaining({ level: 'error', code }));
  await service.stop();
});

test('channel binding detects a man in the middle with a valid certificate', async () => {
  const other = await authority.sign('other', 'localhost');
  const middle = await startInTheMiddle(Number(new URL(postgres.url).port), other, authority.file);
  const url = (parameters: string) => {
    const through = new URL(neonUrl(trusted(parameters), postgres.url));
    through.port = String(middle.port);
    return through.href;
  };
  const unbound = await startService(url('sslmode=require'));
  expect((await new Visitor(unbound).signUp()).status).toBe(200);
  await unbound.stop();
  const bound = await startService(url('sslmode=require&channel_binding=require'));
  expectUnavailable(await new Visitor(bound).signUp());
  await bound.stop();
  await middle.stop();
});

test('an expired certificate is refused, and the log names it', async () => {
  const expired = await certificateFor('localhost', [-2, -1]);
  const [certificate, key] = [join(folder, 'expired.pem'), join(folder, 'expired.key')];
  await writeFile(certificate, expired.cert);
  await writeFile(key, expired.private);
  const { port } = new URL(postgres.url);
  const middle = await startInTheMiddle(Number(port), { certificate, key }, authority.file);
  const url = new URL(neonUrl(`sslmode=verify-full&sslrootcert=${certificate}`, postgres.url));
  url.port = String(middle.port);
  const service = await startService(url.href);
  expectUnavailable(await new Visitor(service).signUp());
  const line = await service.logLine(({ msg }) => msg === 'database unavailable');
  expect(line).toMatchObject({ level: 'error', code: 'DATABASE_CERTIFICATE_INVALID' });
  await service.stop();
  await middle.stop();
});

test('a statement that times out is cancelled through PgBouncer and TLS', async () => {
  const service = await startService(neonUrl(trusted('sslmode=require')), {
    databaseTimeouts: { queryTimeoutMs: 2_000 },
  });
  const visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  const holder = await connectOnce(postgres.url);
  await holder.query('begin; lock table session in access exclusive mode');
  expectUnavailable(await visitor.ask('/session'));
  const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock'`;
  await until(async () => (await testDatabase.query(waiting)).length === 0);
  await holder.end();
  expect((await visitor.ask('/session')).status).toBe(200);
  await service.stop();
});
