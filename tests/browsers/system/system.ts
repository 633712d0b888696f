/** The example system in one topology: PostgreSQL, the service, FastAPI, the built site, and nginx with TLS. */
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../src/dev/free-port.js';
import { startServer, type ServiceProcess } from '../../support/child-process.js';
import { spawnCommand, type Spawned } from '../../support/spawned.js';
import { createTestDatabase } from '../../support/test-database.js';
import { testSecret } from '../../support/test-service.js';
import { until } from '../../support/until.js';
import { copySite, type SiteUrls } from './built-sites.js';
import { startReverseProxy } from './reverse-proxy.js';
import type { Topology } from './topology.js';

export interface System {
  /** As visitors see them: `https://host:port`, the API with its path. */
  readonly urls: SiteUrls;
  stopService(): Promise<void>;
  /** @param over overrides variables of the topology */
  startService(over?: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

const example = fileURLToPath(new URL('../../../examples/textbook/', import.meta.url));

/** The Python of a virtual environment with the example API's requirements. */
const python = process.env.PYTHON;

/** @throws if PYTHON is not set, or with the output of a part that does not start */
export async function startSystem(topology: Topology): Promise<System> {
  if (python === undefined) throw new Error('PYTHON is not set: run .ci/try-browsers');
  const { hosts, apiPath } = topology;
  const [port, authPort, apiPort] = [await freePort(), await freePort(), await freePort()];
  const origin = (host: string) => `https://${host}:${port}`;
  const urls = {
    site: origin(hosts.site),
    auth: origin(hosts.auth),
    api: origin(hosts.api) + apiPath,
  };
  const folder = await mkdtemp(join(tmpdir(), 'auth-service-browsers-'));
  await chmod(folder, 0o755);
  const siteFolder = join(folder, 'site');
  const proxyFolder = join(folder, 'nginx');
  await mkdir(proxyFolder);
  await copySite(siteFolder, topology, urls);
  const database = await createTestDatabase();
  const variables = {
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    BETTER_AUTH_SECRET: testSecret,
    BETTER_AUTH_URL: urls.auth,
    BETTER_AUTH_TRUSTED_ORIGINS: urls.site,
    CLIENT_IP_HEADER: 'x-real-ip',
    PORT: String(authPort),
    ...topology.service,
  };
  let service = await startService(variables);
  const api = await startApi(python, apiPort, {
    AUTH_URL: `http://127.0.0.1:${authPort}`,
    AUTH_PUBLIC_URL: urls.auth,
    SITE_URL: urls.site,
    ...topology.api,
  });
  const upstreams = { siteFolder, authPort, apiPort };
  const proxy = await startReverseProxy(topology, upstreams, { folder: proxyFolder, port });
  return {
    urls,
    stopService: async () => {
      await service.stop();
    },
    startService: async (over) => {
      service = await startService({ ...variables, ...over });
    },
    async stop() {
      api.signal('SIGTERM');
      await Promise.all([service.stop(), api.exit, proxy.stop()]);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startService(variables: Record<string, string>): Promise<ServiceProcess> {
  const service = startServer(variables);
  await service.logLine(({ msg }) => msg === 'listening');
  return service;
}

async function startApi(
  python: string,
  port: number,
  variables: Record<string, string>,
): Promise<Spawned> {
  const args = ['-m', 'uvicorn', 'main:app', '--host', '127.0.0.1', '--port', String(port)];
  const env = { ...home, PYTHONDONTWRITEBYTECODE: '1', ...variables };
  const api = spawnCommand(python, args, { cwd: join(example, 'api'), env });
  const exited = api.exit.then((): never => {
    throw new Error(`the API exited: ${outputOf(api)}`);
  });
  const responds = () =>
    fetch(`http://127.0.0.1:${port}/public`).then(
      ({ ok }) => ok,
      () => false,
    );
  await Promise.race([until(responds), exited]);
  exited.catch(() => undefined); // from here on its exit is expected
  return api;
}

const home = { HOME: process.env.HOME };

function outputOf({ stdout, stderr }: Spawned): string {
  return stdout() + stderr();
}
