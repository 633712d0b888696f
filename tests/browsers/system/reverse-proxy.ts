/** nginx as a reverse proxy: TLS for every host, the site's files, and forwarding to the service and the API. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { inject } from 'vitest';
import { until } from '../../support/until.js';
import type { Topology } from './topology.js';

export interface Upstreams {
  /** The folder that Docusaurus built. */
  readonly siteFolder: string;
  readonly authPort: number;
  readonly apiPort: number;
}

export interface ReverseProxy {
  stop(): Promise<void>;
}

/**
 * @param folder an empty folder for temporary files
 * @param port on which all hosts serve TLS
 */
export async function startReverseProxy(
  topology: Topology,
  upstreams: Upstreams,
  { folder, port }: { folder: string; port: number },
): Promise<ReverseProxy> {
  await mkdir(join(folder, 'temp'));
  const configuration = join(folder, 'nginx.conf');
  await writeFile(configuration, nginxConfiguration(topology, upstreams, port));
  const nginx = spawn('/usr/sbin/nginx', ['-p', folder, '-e', 'stderr', '-c', configuration], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderrText = '';
  nginx.stderr.setEncoding('utf8').on('data', (text: string) => (stderrText += text));
  await listens(port, nginx, () => stderrText);
  return {
    async stop() {
      const closed = once(nginx, 'close');
      nginx.kill('SIGQUIT');
      await closed;
    },
  };
}

/** One server block per host, one location per part on that host. */
function nginxConfiguration(
  { hosts, apiPath }: Topology,
  upstreams: Upstreams,
  port: number,
): string {
  const { siteFolder, authPort, apiPort } = upstreams;
  const { certificate, key } = inject('certificate');
  const locations = new Map<string, string[]>();
  const add = (host: string, location: string) =>
    locations.set(host, [...(locations.get(host) ?? []), location]);
  add(hosts.auth, forward(hosts.auth === hosts.site ? '/api/auth/' : '/', authPort));
  add(hosts.api, forward(`${apiPath}/`, apiPort, '/'));
  add(
    hosts.site,
    `location / { root ${siteFolder}; try_files $uri $uri/index.html =404; error_page 404 /404.html; }`,
  );
  // Their names contain a hash of the content.
  add(hosts.site, `location /assets/ { root ${siteFolder}; expires max; }`);
  const servers = [...locations].map(
    ([host, parts]) => `
  server {
    listen 127.0.0.1:${port} ssl;
    server_name ${host};
    ${parts.join('\n    ')}
  }`,
  );
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
user root;
worker_processes 1;
pid nginx.pid;
events {}
http {
  include /etc/nginx/mime.types;
  access_log off;
  ${temporary.map((name) => `${name}_temp_path temp/${name};`).join(' ')}
  ssl_certificate ${certificate};
  ssl_certificate_key ${key};
${servers.join('\n')}
}
`;
}

/** @param as the prefix of the part's own paths, if it differs from the location */
function forward(location: string, port: number, as = ''): string {
  const headers = 'proxy_set_header Host $http_host; proxy_set_header X-Real-IP $remote_addr;';
  return `location ${location} { proxy_pass http://127.0.0.1:${port}${as}; ${headers} }`;
}

/** Waits until it listens. @throws with its error output if it exits */
async function listens(port: number, nginx: ChildProcess, stderrText: () => string): Promise<void> {
  await until(async () => {
    if (nginx.exitCode !== null) throw new Error(`nginx exited: ${stderrText()}`);
    const socket = connect(port, '127.0.0.1');
    const opened = await once(socket, 'connect').catch(() => undefined);
    socket.destroy();
    return opened;
  });
}
