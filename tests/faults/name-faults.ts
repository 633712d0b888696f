/** Faults of the resolver, in a mount namespace whose /etc/resolv.conf names a server of the test. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from './fault.js';
import { startNameServer, type NameServer } from './name-server.js';
import type { System } from './system.js';

const host = '127.77.0.53';

/** Where namespaces are not allowed, these faults cannot be made. */
const isUnshareAllowed = (() => {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore', timeout: 10_000 });
    return process.getuid?.() === 0; // port 53
  } catch {
    return false;
  }
})();

export function nameFaults(): readonly Fault[] {
  let nameServer: NameServer | undefined;

  async function setUp({ cluster }: System) {
    const started = (nameServer = await startNameServer(host));
    const folder = await mkdtemp(join(tmpdir(), 'auth-service-names-'));
    const file = join(folder, 'resolv.conf');
    await writeFile(file, `nameserver ${host}\n`);
    const url = new URL(cluster.url);
    url.hostname = 'database.test';
    const script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
    return {
      env: { DATABASE_URL: url.href },
      launcher: ['unshare', '--mount', 'sh', '-c', script, file],
      async tearDown() {
        await started.stop();
        await rm(folder, { recursive: true });
      },
    };
  }

  /** Open connections need no name, so they are closed. */
  const answering =
    (answer: NameServer['answer']): Fault['begin'] =>
    async ({ cluster }) => {
      if (nameServer === undefined) throw new Error('there is no name server');
      const started = nameServer;
      started.answer = answer;
      await cluster.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'auth-service'`,
      );
      return () => {
        started.answer = 'address';
      };
    };

  const fails = 'reads and writes';
  const isSkipped = !isUnshareAllowed;
  return [
    {
      isSkipped,
      name: 'Host name unknown',
      users: 'errors; nobody is signed out',
      todo: 'correct the host in `DATABASE_URL`, or its record in the DNS',
      fails,
      causes: ['DATABASE_UNREACHABLE'],
      setUp,
      begin: answering('unknown'),
    },
    {
      isSkipped,
      name: 'Name server silent',
      users: 'nothing, or answers that take a second longer',
      todo: 'check `/etc/resolv.conf` and the name server; the service stays at the last address',
      fails: 'nothing',
      causes: [],
      setUp,
      begin: answering('nothing'),
    },
  ];
}
