/** The command as a process: what it prints, and how it ends. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../src/dev/free-port.js';
import { startDeployment, type Deployment } from '../support/doctor.js';
import { spawnSource } from '../support/spawned.js';

let deployment: Deployment;
let sound: string[];
beforeAll(async () => {
  deployment = await startDeployment();
  const { authUrl, origins } = deployment.examined;
  sound = ['--auth-url', authUrl, ...origins.flatMap((origin) => ['--origin', origin])];
});
afterAll(() => deployment.stop());

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const doctor = spawnSource('doctor/doctor.ts', env, args);
  const status = await doctor.exit;
  return { status, stdout: doctor.stdout(), stderr: doctor.stderr() };
}

test('a sound deployment gets a checklist without a cross, in plain text, and status 0', async () => {
  const { status, stdout, stderr } = await run(sound);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain(`\nReachability\n  ✓ ${deployment.proxy.url}/health answers 200\n`);
  expect(stdout).toMatch(/\n\n✓ 5\n$/);
  expect(stdout).not.toContain('\u001b');
});

test('FORCE_COLOR colours what is no terminal', async () => {
  expect((await run(sound, { FORCE_COLOR: '1' })).stdout).toContain('\u001b[32m✓\u001b[39m');
});

test('a finding is told with why and what to change, and status 1', async () => {
  const { status, stdout } = await run([...sound, '--origin', 'http://127.0.0.1:4000/']);
  expect(status).toBe(1);
  expect(stdout).toContain(
    [
      '  ✗ http://127.0.0.1:4000 is not trusted: sign-in from there is answered 403',
      '    No visitor of that site can sign in.',
      '    → add http://127.0.0.1:4000 to BETTER_AUTH_TRUSTED_ORIGINS (no slash at the end), and deploy',
      '',
    ].join('\n'),
  );
});

test('what cannot be called ends with a finding and what was not examined', async () => {
  const authUrl = `http://127.0.0.1:${await freePort()}`;
  const args = ['--auth-url', authUrl, '--origin', 'https://docs.example.com', '--json'];
  const { status, stdout } = await run(args);
  expect(status).toBe(1);
  const { findings } = JSON.parse(stdout) as { findings: object[] };
  expect(findings).toMatchObject([
    { section: 'Reachability', status: 'fail', code: 'CONNECTION_REFUSED' },
    { section: 'The rest', status: 'unknown', code: 'NOT_EXAMINED' },
  ]);
});

test('--json prints one document and nothing else', async () => {
  const { status, stdout, stderr } = await run([...sound, '--json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    authUrl: deployment.proxy.url,
    exitStatus: 0,
    isWhole: true,
    findings: [{ section: 'Reachability', status: 'ok', code: 'HEALTH' }, {}, {}, {}, {}],
  });
});

test.each([[], ['--json']])(
  'a token that a server repeats is not printed, not even the beginning that is left of it %s',
  async (...more) => {
    const token = 'ab"cdefg-of.39-characters_and-more-0123';
    deployment.proxy.faults = {
      answer(req, res) {
        if (req.url !== '/session') return false;
        // The beginning fills what is quoted of a header, but for a part of the token.
        res.writeHead(200, { 'content-type': 'x '.repeat(65) + token }).end('a page');
        return true;
      },
    };
    const { stdout } = await run([...sound, ...more], { DIAGNOSTICS_TOKEN: token });
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

test('what cannot be examined ends with status 2 and what to write instead', async () => {
  const args = ['--auth-url', 'https://me:word@auth.example.com', '--origin', 'https://a.example'];
  const { status, stdout, stderr } = await run(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('--auth-url holds a user or password\n');
  expect(stderr).toContain('--origin URL');
  expect(stderr).not.toContain('me:word');
});
