/** Whatever ends an examination, its throw-away user is deleted first; and no credential is ever printed. */
import { once, EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { complaints, startDeployment, type Deployment } from '../support/doctor.js';
import { spawnSource, type Spawned } from '../support/spawned.js';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment({ env: { BEARER_TOKENS: 'on' } });
});
afterAll(() => deployment.stop());
afterEach(async () => {
  deployment.proxy.faults = {};
  await deployment.service.database.query('delete from rate_limit');
});

function start(...more: string[]): Spawned {
  const { authUrl, origins } = deployment.examined;
  const [origin = ''] = origins;
  const args = ['--auth-url', authUrl, '--origin', origin, '--probe-user', ...more];
  return spawnSource('doctor/doctor.ts', {}, args);
}

const usersLeft = () => deployment.service.database.query('select email from "user"');

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s while the service hangs: the user is deleted once, and the status is 2',
  async (signal) => {
    const hanging = new EventEmitter();
    deployment.proxy.faults = {
      answer(req) {
        if (req.url !== '/session' || req.headers.cookie === undefined) return false;
        hanging.emit('here');
        return true; // and no answer ever
      },
    };
    const deletionsBefore = deletions();
    const here = once(hanging, 'here');
    const doctor = start();
    await here;
    expect(await usersLeft()).toHaveLength(1);
    doctor.signal(signal);
    doctor.signal(signal); // whoever presses twice gets no second clean-up
    expect(await doctor.exit).toBe(2);
    expect(await usersLeft()).toEqual([]);
    expect(deletions() - deletionsBefore).toBe(1);
    expect(doctor.stderr()).toBe('\ninterrupted: cleaning up\n');
    expect(doctor.stdout()).toContain('✓ the throw-away user is deleted');
  },
);

function deletions(): number {
  return deployment.service.logLines().filter(({ path }) => path === '/api/auth/delete-user')
    .length;
}

const switching = 'HTTP/1.1 101 Switched\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n';

test.each<[string, (socket: Socket) => void]>([
  ['breaks', (socket) => socket.destroy()],
  ['becomes another protocol’s', (socket) => socket.write(switching)],
])('a connection that %s half-way is no pass, and the user is deleted', async (_what, spoil) => {
  deployment.proxy.faults = {
    answer(req) {
      if (req.url !== '/session' || req.headers.cookie === undefined) return false;
      spoil(req.socket);
      return true;
    },
  };
  const findings = await deployment.diagnose({ probeUser: true });
  expect(complaints(findings)).toEqual(['unknown NO_ANSWER']);
  expect(findings.at(-1)?.code).toBe('PROBE_USER_DELETED');
  expect(await usersLeft()).toEqual([]);
});

test.each([[], ['--json']])(
  'a server that repeats every credential it was given makes none of them printed %s',
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
