/** If two instances of one deployment have different secrets, the second one reports it at start. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Finding } from '../../src/config/finding.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const one = 'one-secret-that-is-long-enough-0123456789abcdef';
const two = 'two-secret-that-is-long-enough-0123456789abcdef';
const three = 'three-secret-that-is-long-enough-0123456789abcd';
const token = 'Vt3kQ0aZs9LmXw2yBn7cRf5dHj8gPe4u';

let testDatabase: TestDatabase;
const services: TestService[] = [];
beforeEach(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(async () => {
  for (const service of services.splice(0)) await service.stop();
  await testDatabase.drop();
});

async function start(env: Record<string, string>) {
  const service = await startTestService({
    testDatabase,
    env: { DIAGNOSTICS_TOKEN: token, ...env },
  });
  services.push(service);
  await service.logStartupReport();
  const startup = await service.logLine(({ msg }) => msg === 'startup');
  return { service, found: ofSecrets(startup.findings) };
}

const ofSecrets = (findings: unknown) =>
  (findings as Finding[]).filter(({ code }) => code === 'SECRETS_DIFFER');

const single = (secret: string) => ({ BETTER_AUTH_SECRET: secret });
const list = (secrets: string) => ({ BETTER_AUTH_SECRET: '', BETTER_AUTH_SECRETS: secrets });

const age = (days: number) =>
  testDatabase.query(
    `update deployment_canary set left_at = left_at - make_interval(days => ${days})`,
  );

test('the second instance reports it at start, the first in /diagnostics, both without the secrets', async () => {
  const first = await start(single(one));
  expect(first.found).toEqual([]);
  const second = await start(single(two));
  expect(second.found).toMatchObject([{ level: 'warn', variable: 'BETTER_AUTH_SECRET' }]);
  const { json } = await new Visitor(first.service).ask('/diagnostics', {
    headers: { 'x-diagnostics-token': token },
  });
  expect(ofSecrets((json as { startup: { findings: unknown } }).startup.findings)).toHaveLength(1);
  const startup = await first.service.logLine(({ msg }) => msg === 'startup');
  const { fingerprint } = startup.secret as { fingerprint: string };
  expect(second.found[0]?.message).toContain(`signs with ${fingerprint}`);
  for (const { service } of [first, second]) {
    expect(service.logText()).not.toMatch(/one-secret|two-secret/);
  }
  const rows = await testDatabase.query('select secrets from deployment_canary');
  expect(JSON.stringify(rows)).not.toMatch(/one-secret|two-secret/);
});

test('instances with the same secret report nothing', async () => {
  for (let index = 0; index < 3; index += 1) expect((await start(single(one))).found).toEqual([]);
});

test('no step of a rotation is reported, forward or back', async () => {
  const steps = [
    single(one),
    list(`1:${one},2:${two}`),
    list(`2:${two},1:${one}`),
    list(`1:${one},2:${two}`),
    list(`2:${two},1:${one}`),
    list(`2:${two}`),
    single(two),
  ];
  for (const [at, step] of steps.entries()) {
    expect((await start(step)).found, `step ${at}`).toEqual([]);
  }
});

test('a new secret without the old one is reported, no matter when the last instance started', async () => {
  await start(single(one));
  await age(20);
  expect((await start(single(two))).found).toHaveLength(1);
  await age(2);
  expect((await start(single(two))).found).toEqual([]); // the last instance has the same secret now
});

test('each other secret is reported once', async () => {
  await start(single(one));
  await start(single(one));
  await start(single(two));
  expect((await start(single(three))).found).toHaveLength(2);
});

test.each([
  [
    'another deployment',
    { BETTER_AUTH_URL: 'http://127.0.0.1:3001', BETTER_AUTH_TRUSTED_ORIGINS: '' },
  ],
  ['another environment', { NODE_ENV: 'staging' }],
])('%s may have its own secret', async (_, env) => {
  await start(single(one));
  expect((await start({ ...single(two), ...env })).found).toEqual([]);
});

test('an older version, which stored no fingerprints, is ignored', async () => {
  await start(single(one));
  await testDatabase.query('update deployment_canary set secrets = null');
  expect((await start(single(two))).found).toEqual([]);
});

test('a Neon branch of this database ignores the copied rows', async () => {
  const branch = (id: string) =>
    testDatabase.query(`alter database ${testDatabase.name} set "neon.branch_id" = '${id}'`);
  await branch('br-parent-1');
  await start(single(one));
  await branch('br-child-2');
  expect((await start(single(two))).found).toEqual([]);
});
