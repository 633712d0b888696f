/** A password that an operator sets is looked up in data breaches, as users' own are: in the API, the console and the command. */
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildList } from '../../../src/features/breached-passwords/build-list.js';
import { adminEnv, newOperator, OperatorBrowser } from '../../support/operators.js';
import { builtFrom } from '../../support/spawned.js';
import { startTestService, testEnvironment, type TestService } from '../../support/test-service.js';

const breached = 'quiet harbour seventeen lamps';
let folder: string;
let list: string;
let service: TestService;
let operator: OperatorBrowser;
let user: OperatorBrowser;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'operator-pwned-'));
  list = join(folder, 'list.bin');
  const sha1 = createHash('sha1').update(breached).digest('hex').toUpperCase();
  await writeFile(join(folder, 'input.txt'), `${sha1}:9\n`);
  await buildList(join(folder, 'input.txt'), list, 1);
  service = await startTestService({
    env: { ...adminEnv, BREACHED_PASSWORDS: 'on', PWNED_LIST: list },
  });
  operator = await newOperator(service);
  user = await new OperatorBrowser(service).become({});
});
afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

function runCommand(password: string, env: Record<string, string>) {
  const args = [builtFrom('operator/user.ts'), 'set-password', user.email, '--password-stdin'];
  return spawnSync(process.execPath, args, {
    input: password,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, DATABASE_URL: service.database.url, ...env },
  });
}

const settings = () => ({
  ...(testEnvironment as Record<string, string>),
  BREACHED_PASSWORDS: 'on',
  PWNED_LIST: list,
});

test('refused by the API and the console, with the rule', async () => {
  const id = await user.userId();
  const refused = await operator.act(id, 'set-password', { password: breached });
  expect([refused.status, refused.json?.code, refused.json?.rule]).toEqual([
    400,
    'ADMIN_PASSWORD_REFUSED',
    'breached',
  ]);
  const page = await operator.ask(`/console/users/${id}/set-password`, {
    method: 'POST',
    body: new URLSearchParams({ password: breached }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect([page.status, page.text]).toEqual([
    400,
    expect.stringContaining('known from a data breach'),
  ]);
  expect((await user.ask('/session')).status).toBe(200);
});

test(
  'refused by the command, which also knows the names of the site from its settings',
  { timeout: 60_000 },
  async () => {
    const refused = runCommand(breached, settings());
    expect([refused.status, refused.stderr]).toEqual([
      1,
      expect.stringContaining('known from a data breach'),
    ]);
    const named = runCommand('passkeys.example.org 1', {
      ...settings(),
      BETTER_AUTH_URL: 'https://passkeys.example.org',
    });
    expect([named.status, named.stderr]).toEqual([
      1,
      expect.stringContaining('the name of the site'),
    ]);
    expect((await user.ask('/session')).status).toBe(200);
  },
);

test(
  'the command says which rules it cannot check without the settings',
  { timeout: 60_000 },
  () => {
    const { status, stderr } = runCommand('an entirely new passphrase', {});
    expect(status).toBe(0);
    expect(stderr).toMatch(/not compared with .* data breaches: the settings .*BETTER_AUTH_SECRET/);
  },
);

test('a list that cannot be read keeps no operator from helping, and is logged with the fix', async () => {
  await truncate(list, 3);
  const id = await user.userId();
  const done = await operator.act(id, 'set-password', { password: breached });
  expect(done.status).toBe(200);
  const line = await service.logLine(
    ({ msg }) => msg === 'a password was not checked for breaches',
  );
  expect(line).toMatchObject({
    reason: 'list_unreadable',
    fix: expect.stringContaining('npm run pwned-list') as string,
  });
});
