/** A real PgBouncer (Debian's package) in transaction mode in front of a test database, and its statistics. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectOnce } from '../../src/db/client.js';
import { freePort } from '../../src/dev/free-port.js';
import { launchAs, postgresAccount } from '../../src/dev/postgres-account.js';
import { until } from '../support/until.js';
import type { Certificate } from './certificates.js';

export interface PgBouncer {
  /** The database's URL through the pooler. */
  readonly url: string;
  /** Number of server connections, which clients share. */
  readonly serverConnections: () => Promise<number>;
  readonly clientConnections: () => Promise<number>;
  stop(): Promise<void>;
}

const program = 'pgbouncer';
/** Debian installs it in a folder that is not in the PATH of ordinary accounts. */
const env = { PATH: `${process.env.PATH ?? ''}:/usr/sbin` };

/** TLS on both sides: required for clients, and verified for the server name localhost. */
export interface PgBouncerTls extends Certificate {
  /** The PEM files of the server's certificate authority and of PgBouncer's own certificate. */
  readonly authority: string;
}

/** @param poolSize number of server connections that all clients share */
export async function startPgBouncer(
  databaseUrl: string,
  poolSize: number,
  tls?: PgBouncerTls,
): Promise<PgBouncer> {
  const target = new URL(databaseUrl);
  const name = target.pathname.slice(1);
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'auth-service-pgbouncer-'));
  // It needs the plain-text password to authenticate to the server with SCRAM.
  const users = join(folder, 'userlist.txt');
  const password = decodeURIComponent(target.password);
  await writeFile(users, `"${target.username}" "${password}"\n`, { mode: 0o600 });
  const ini = join(folder, 'pgbouncer.ini');
  await writeFile(
    ini,
    `[databases]
${name} = host=${tls ? 'localhost' : target.hostname} port=${target.port} dbname=${name}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
admin_users = ${target.username}
pool_mode = transaction
default_pool_size = ${poolSize}
${tls ? tlsSettings(tls) : ''}`,
  );
  const account = await postgresAccount(); // it refuses to run as root
  if (account) {
    for (const path of [folder, users, ini]) await chown(path, account.uid, account.gid);
  }
  const launch = await launchAs(account, program, [ini], [folder]);
  const child = spawn(launch.command, launch.args, {
    ...launch.options,
    cwd: '/',
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = once(child, 'close');
  await until(() => log.includes('process up') || child.exitCode !== null);
  if (child.exitCode !== null) throw new Error(`${program} did not start: ${log}`);
  const url = new URL(databaseUrl);
  url.port = String(port);
  const console = new URL(url);
  console.pathname = 'pgbouncer';
  if (tls) {
    console.hostname = 'localhost';
    console.search = `sslmode=verify-full&sslrootcert=${tls.authority}`;
  }
  const count = async (command: string) => {
    const rows = await askConsole(console.href, command);
    return rows.filter(({ database }) => database === name).length;
  };
  return {
    url: url.href,
    serverConnections: () => count('show servers'),
    clientConnections: () => count('show clients'),
    async stop() {
      child.kill('SIGTERM'); // immediate shutdown in 1.18
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function tlsSettings({ certificate, key, authority }: PgBouncerTls): string {
  return `client_tls_sslmode = require
client_tls_cert_file = ${certificate}
client_tls_key_file = ${key}
server_tls_sslmode = verify-full
server_tls_ca_file = ${authority}
`;
}

/** @throws if it is not installed, with how to install it */
export async function readPgBouncerVersion(): Promise<string> {
  const asked = promisify(execFile)(program, ['--version'], { env });
  const { stdout } = await asked.catch((cause: unknown) => {
    const message = 'PgBouncer does not run here: install it with `apt-get install pgbouncer`';
    throw new Error(message, { cause });
  });
  return stdout.split('\n')[0] ?? '';
}

/** PgBouncer's admin console only supports simple queries, which the driver sends if there are no parameters. */
async function askConsole(url: string, command: string) {
  const client = await connectOnce(url);
  try {
    return (await client.query<{ database: string }>(command)).rows;
  } finally {
    await client.end();
  }
}
