/** `npm run dev` in processes of its own on one data folder: started, ended and killed as a developer's machine does. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { spawnSource, type Spawned } from './spawned.js';
import { Visitor } from './visitor.js';

export interface DevHome {
  readonly folder: string;
  readonly port: number;
  readonly url: string;
  spawn(env?: Record<string, string>): Spawned;
  /** Starts it, and waits until it has printed the commands to try. */
  start(env?: Record<string, string>): Promise<Spawned>;
  /** Of the database in this folder; undefined where there is none. */
  postgresPid(): Promise<number | undefined>;
  /** A visitor whose browser is on the service's own page. */
  visitor(): Visitor;
  /** Ends what still runs here, as Ctrl-C does, and waits for it. */
  end(): Promise<void>;
  remove(): Promise<void>;
}

/** @param mode of the folder around the data */
export async function createDevHome(mode = 0o755): Promise<DevHome> {
  const folder = await mkdtemp(join(tmpdir(), 'auth-service-dev-'));
  await chmod(folder, mode);
  const { server, port } = await takePort();
  server.close();
  const url = `http://localhost:${port}`;
  const spawned: Spawned[] = [];
  const home: DevHome = {
    folder,
    port,
    url,
    spawn(env = {}) {
      const dev = spawnSource('dev/dev.ts', { DATA_DIR: folder, PORT: String(port), ...env });
      spawned.push(dev);
      return dev;
    },
    async start(env) {
      const dev = home.spawn(env);
      await dev.printed('Try:');
      return dev;
    },
    async postgresPid() {
      const file = join(folder, 'postgres/postmaster.pid');
      const text = await readFile(file, 'utf8').catch(() => undefined);
      return text === undefined ? undefined : Number(text.split('\n')[0]);
    },
    visitor: () => new Visitor({ url }, url),
    async end() {
      for (const dev of spawned.splice(0)) {
        dev.signal('SIGINT');
        await dev.exit;
      }
    },
    async remove() {
      await home.end();
      const orphan = await home.postgresPid();
      if (orphan !== undefined && isAlive(orphan)) process.kill(orphan, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
  return home;
}

/** Each test starts a process and a database several times; the machine may be busy. */
export const devTimeoutMs = 120_000;

/** One data folder for the tests of a file; what a test starts in it is ended after the test. */
export function useDevHome(assign: (home: DevHome) => void): void {
  let home: DevHome;
  beforeAll(async () => {
    home = await createDevHome();
    assign(home);
  });
  afterEach(() => home.end(), devTimeoutMs);
  afterAll(() => home.remove());
}

/** Listens on a free port. */
export async function takePort(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
