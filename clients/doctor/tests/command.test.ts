/** The command as a process: its output and its exit status. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../src/dev/free-port.js';
import { startDeployment, type Deployment } from './support/deployment.js';
import { program, spawnDoctor } from './support/spawn-doctor.js';

let deployment: Deployment;
let healthy: string[];
beforeAll(async () => {
  deployment = await startDeployment();
  const { authUrl, origins } = deployment.target;
  healthy = ['--auth-url', authUrl, ...origins.flatMap((origin) => ['--origin', origin])];
});
afterAll(() => deployment.stop());

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const doctor = spawnDoctor(args, env);
  const status = await doctor.exit;
  return { status, stdout: doctor.stdout(), stderr: doctor.stderr() };
}

test('a healthy deployment gets a checklist without a ✗, in plain text, and status 0', async () => {
  const { status, stdout, stderr } = await run(healthy);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain(`\nReachability\n  ✓ ${deployment.proxy.url}/health responds 200\n`);
  expect(stdout).toMatch(/\n\n✓ 5\n$/);
  expect(stdout).not.toContain('\u001b');
});

test('FORCE_COLOR colours output that is not a terminal', async () => {
  expect((await run(healthy, { FORCE_COLOR: '1' })).stdout).toContain('\u001b[32m✓\u001b[39m');
});

test('a failed check is printed with its impact and its fix, and gives status 1', async () => {
  const { status, stdout } = await run([...healthy, '--origin', 'http://127.0.0.1:4000/']);
  expect(status).toBe(1);
  expect(stdout).toContain(
    [
      '  ✗ http://127.0.0.1:4000 is not trusted: sign-in from it is refused with 403',
      '    No visitor of that site can sign in.',
      '    → add http://127.0.0.1:4000 to BETTER_AUTH_TRUSTED_ORIGINS (no trailing slash) and redeploy',
      '',
    ].join('\n'),
  );
});

test('an unreachable service ends the run with a finding and the skipped checks', async () => {
  const authUrl = `http://127.0.0.1:${await freePort()}`;
  const args = ['--auth-url', authUrl, '--origin', 'https://docs.example.com', '--json'];
  const { status, stdout } = await run(args);
  expect(status).toBe(1);
  const { findings } = JSON.parse(stdout) as { findings: object[] };
  expect(findings).toMatchObject([
    { section: 'Reachability', status: 'fail', code: 'CONNECTION_REFUSED' },
    { section: 'Remaining checks', status: 'unknown', code: 'NOT_CHECKED' },
  ]);
});

test('--json prints one document and nothing else', async () => {
  const { status, stdout, stderr } = await run([...healthy, '--json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    authUrl: deployment.proxy.url,
    exitStatus: 0,
    isComplete: true,
    findings: [{ section: 'Reachability', status: 'ok', code: 'HEALTH' }, {}, {}, {}, {}],
  });
});

test.each([[], ['--json']])(
  'a token that a server echoes is not printed, not even a truncated part of it %s',
  async (...more) => {
    const token = 'ab"cdefg-of.39-characters_and-more-0123';
    deployment.proxy.faults = {
      respond(req, res) {
        if (req.url !== '/session') return false;
        // The token is cut off where the printed part of a header ends.
        res.writeHead(200, { 'content-type': 'x '.repeat(65) + token }).end('a page');
        return true;
      },
    };
    const { stdout } = await run([...healthy, ...more], { DIAGNOSTICS_TOKEN: token });
    deployment.proxy.faults = {};
    expect(stdout).toContain('x [redacted]');
    expect(stdout).not.toMatch(/ab\\?"cdefg/);
  },
);

test('--help prints the usage, and status 0', async () => {
  const { status, stdout } = await run(['--help']);
  expect(status).toBe(0);
  expect(stdout).toContain('auth-service-doctor --auth-url URL --origin URL');
});

test('--help ends with status 0 and no stack trace where the reader has closed the pipe', async () => {
  const child = spawn(process.execPath, [program, '--help'], { env: {} });
  child.stdout.destroy(); // as `| head` does after its lines
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [status] = (await once(child, 'close')) as [number | null];
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('an invalid command line ends with status 2, the error and the usage', async () => {
  const args = ['--auth-url', 'https://me:word@auth.example.com', '--origin', 'https://a.example'];
  const { status, stdout, stderr } = await run(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('--auth-url must not contain a user name or password\n');
  expect(stderr).toContain('--origin URL');
  expect(stderr).not.toContain('me:word');
});
