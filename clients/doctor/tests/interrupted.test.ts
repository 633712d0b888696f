/** However a run ends, the temporary user is deleted first; and no credential is ever printed. */
import { once, EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { failedFindings, useDeployment, type Deployment } from './support/deployment.js';
import type { Spawned } from '../../../tests/support/spawned.js';
import { spawnDoctor } from './support/spawn-doctor.js';

let deployment: Deployment;
useDeployment((started) => (deployment = started), { env: { BEARER_TOKENS: 'on' } });

function start(...more: string[]): Spawned {
  const { authUrl, origins } = deployment.target;
  const [origin = ''] = origins;
  return spawnDoctor(['--auth-url', authUrl, '--origin', origin, '--probe-user', ...more]);
}

const usersLeft = () => deployment.service.database.query('select email from "user"');

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s while the service hangs: the user is deleted once, and the status is 2',
  async (signal) => {
    const hanging = new EventEmitter();
    deployment.proxy.faults = {
      respond(req) {
        if (req.url !== '/session' || req.headers.cookie === undefined) return false;
        hanging.emit('reached');
        return true; // and never responds
      },
    };
    const deletionsBefore = deletions();
    const reached = once(hanging, 'reached');
    const doctor = start();
    await reached;
    expect(await usersLeft()).toHaveLength(1);
    doctor.signal(signal);
    doctor.signal(signal); // a second Ctrl-C starts no second cleanup
    expect(await doctor.exit).toBe(2);
    expect(await usersLeft()).toEqual([]);
    expect(deletions() - deletionsBefore).toBe(1);
    expect(doctor.stderr()).toBe('\ninterrupted: cleaning up\n');
    expect(doctor.stdout()).toContain('✓ the temporary user was deleted');
  },
);

function deletions(): number {
  return deployment.service.logLines().filter(({ path }) => path === '/api/auth/delete-user')
    .length;
}

const switching = 'HTTP/1.1 101 Switched\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n';

test.each<[string, (socket: Socket) => void]>([
  ['breaks', (socket) => socket.destroy()],
  ['switches protocols', (socket) => socket.write(switching)],
])(
  'a connection that %s halfway counts as not passed, and the user is deleted',
  async (_what, interrupt) => {
    deployment.proxy.faults = {
      respond(req) {
        if (req.url !== '/session' || req.headers.cookie === undefined) return false;
        interrupt(req.socket);
        return true;
      },
    };
    const findings = await deployment.diagnose({ probeUser: true });
    expect(failedFindings(findings)).toEqual(['unknown NO_RESPONSE']);
    expect(findings.at(-1)?.code).toBe('PROBE_USER_DELETED');
    expect(await usersLeft()).toEqual([]);
  },
);

test.each([[], ['--json']])(
  'credentials that a server echoes are not printed %s',
  async (...more) => {
    const credentials = new Set<string>();
    deployment.proxy.faults = {
      request(_headers, req) {
        req.on('data', (chunk: Buffer) => {
          const { password } = JSON.parse(chunk.toString()) as { password?: string };
          if (password !== undefined) credentials.add(password);
        });
      },
      response(headers, req) {
        for (const line of [headers['set-cookie'] ?? []].flat()) {
          const value = /session_token=([^;]{40,})/.exec(line)?.[1] ?? '';
          if (value !== '') credentials.add(value).add(decodeURIComponent(value));
          if (value !== '') credentials.add(decodeURIComponent(value).split('.')[0] ?? '');
        }
        if (req.url === '/session') {
          headers['x-session-reason'] = `${req.headers.cookie ?? ''} ${[...credentials].join(' ')}`;
        }
      },
    };
    const doctor = start(...more);
    expect(await doctor.exit).toBe(1);
    expect(credentials.size).toBeGreaterThanOrEqual(4);
    const printed = doctor.stdout() + doctor.stderr();
    for (const credential of credentials) expect(printed).not.toContain(credential);
    expect(await usersLeft()).toEqual([]);
  },
);
