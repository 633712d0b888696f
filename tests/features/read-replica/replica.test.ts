/** Servers' session checks with a real streaming replica: what it answers, and what it must not. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { readExposition } from '../../support/exposition.js';
import {
  startReplicatedPostgres,
  type ReplicatedPostgres,
} from '../../support/replicated-postgres.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { until } from '../../support/until.js';
import { Visitor } from '../../support/visitor.js';

const maxLagMs = 3_000;
const diagnosticsToken = 'Zk4t8Mp0aWq2xYc7vN1sLd5hRf9gJb3e';

let postgres: ReplicatedPostgres;
let service: TestService;
beforeAll(async () => {
  postgres = await startReplicatedPostgres();
}, 60_000);
afterAll(() => postgres.remove());
beforeEach(async () => {
  service = await start();
});
afterEach(async () => {
  await service.stop();
  await postgres.resumeReplay();
});

function start(env = {}, options = {}): Promise<TestService> {
  const testDatabase = {
    url: postgres.primaryUrl,
    name: 'postgres',
    query: postgres.query,
    drop: () => Promise.resolve(),
  };
  return startTestService({
    testDatabase,
    env: {
      DATABASE_REPLICA_URL: postgres.replicaUrl,
      REPLICA_MAX_LAG_MS: String(maxLagMs),
      DIAGNOSTICS_TOKEN: diagnosticsToken,
      ...env,
    },
    ...options,
  });
}

async function signUp(): Promise<Visitor> {
  const visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  return visitor;
}

/** A copy of the visitor's cookie, as a server has it that forwards it. */
function check(visitor: Visitor, cookie = visitor.cookieHeader) {
  return new Visitor(service).ask('/session', { headers: { cookie } });
}

async function lookups(result: string): Promise<number> {
  const headers = { authorization: `Bearer ${diagnosticsToken}` };
  const { text } = await new Visitor(service).ask('/metrics', { headers, origin: null });
  const isAsked = (name: string, of: unknown) =>
    name === 'auth_replica_lookups_total' && of === result;
  const found = readExposition(text).find(({ name, labels }) => isAsked(name, labels.result));
  return found?.value ?? 0;
}

/** Checks until the replica has answered one. */
async function untilReplicaAnswers(visitor: Visitor): Promise<void> {
  const before = await lookups('found');
  await until(async () => {
    expect((await check(visitor)).status).toBe(200);
    return (await lookups('found')) > before;
  });
}

test('a check is answered by the replica once a beat has arrived, with the same fields', async () => {
  const visitor = await signUp();
  const onPrimary = await check(visitor); // there is no beat yet
  expect(await lookups('skipped')).toBe(1);
  await untilReplicaAnswers(visitor);
  const onReplica = await check(visitor);
  expect(onReplica.json).toEqual(onPrimary.json);
  expect(onReplica.headers.get('x-session-reason')).toBe('valid');
  expect(codes()).toEqual([]);
});

test('a revoked session is accepted within the bound at most, however long the replica lags', async () => {
  const visitor = await signUp();
  const cookie = visitor.cookieHeader;
  await untilReplicaAnswers(visitor);
  await postgres.pauseReplay();
  await visitor.signOut();
  const revokedAt = performance.now();
  const accepted: number[] = [];
  for (;;) {
    const beganAfterMs = performance.now() - revokedAt;
    const { status } = await check(visitor, cookie);
    if (status === 200) accepted.push(beganAfterMs);
    if (beganAfterMs > 2 * maxLagMs) break; // until a beat that must have arrived has not
  }
  expect(accepted.length).toBeGreaterThan(0); // otherwise the replica was not asked
  expect(Math.max(...accepted)).toBeLessThanOrEqual(maxLagMs);
  const refused = await check(visitor, cookie);
  expect(refused.status).toBe(401);
  expect(refused.headers.get('x-session-reason')).toBe('session_signed_out');
  const line = await service.logLine(({ code }) => code === 'REPLICA_BEHIND');
  expect(line).toMatchObject({ level: 'warn', variable: 'DATABASE_REPLICA_URL' });
  expect(line.seen).toContain(`REPLICA_MAX_LAG_MS (${maxLagMs})`);
}, 20_000);

test('a session that has not arrived at the replica is valid at once', async () => {
  const first = await signUp();
  await untilReplicaAnswers(first);
  await postgres.pauseReplay();
  const second = await signUp();
  expect((await check(second)).status).toBe(200);
  expect(await lookups('not_found')).toBeGreaterThan(0);
});

test('a session that was extended meanwhile is valid, although it is over on the replica', async () => {
  const visitor = await signUp();
  const where = `where user_id = (select id from "user" where email = $1)`;
  const end = (interval: string) =>
    postgres.query(
      `update session set expires_at = now() + interval '${interval}' ${where} returning id`,
      [visitor.email],
    );
  await untilReplicaAnswers(visitor);
  expect(await end('-1 minute')).toHaveLength(1);
  await postgres.caughtUp();
  await postgres.pauseReplay();
  await end('1 day');
  expect((await check(visitor)).status).toBe(200);
});

test('of two sessions, the one that comes first counts, although the replica knows only the other', async () => {
  const known = await signUp();
  await untilReplicaAnswers(known);
  await postgres.pauseReplay();
  const first = await signUp();
  const { json } = await check(first, `${first.cookieHeader}; ${known.cookieHeader}`);
  expect(json).toMatchObject({ user: { email: first.email } });
});

test('requests without a credential are no checks: they neither write beats nor take the turn of one', async () => {
  const visitor = await signUp();
  for (let each = 0; each < 30; each += 1) {
    expect((await new Visitor(service).ask('/session')).status).toBe(401);
  }
  expect(await lookups('skipped')).toBe(0);
  await untilReplicaAnswers(visitor);
});

test('a beat that cannot be written is reported once, with the cause', async () => {
  const visitor = await signUp();
  await postgres.query(`alter table replica_heartbeat rename to replica_heartbeat_moved`);
  try {
    for (let each = 0; each < 30; each += 1) expect((await check(visitor)).status).toBe(200);
    const line = await service.logLine(
      ({ code, cause }) => code === 'REPLICA_BEAT_NOT_WRITTEN' && cause !== undefined,
    );
    expect(line).toMatchObject({ level: 'warn', variable: 'DATABASE_URL' });
    expect(line.cause).toBe('SCHEMA_INCOMPLETE');
  } finally {
    await postgres.query(`alter table replica_heartbeat_moved rename to replica_heartbeat`);
    await postgres.caughtUp();
  }
});

test('a browser is answered by the primary: it has to see its own last change', async () => {
  const visitor = await signUp();
  await untilReplicaAnswers(visitor);
  await postgres.pauseReplay();
  const renamed = { body: { name: 'Renamed' } };
  expect((await visitor.ask('/api/auth/update-user', renamed)).status).toBe(200);
  expect((await visitor.getSession()).json).toMatchObject({ user: { name: 'Renamed' } });
});

test('a replica that hangs delays one check by a second, and the others not at all', async () => {
  const visitor = await signUp();
  await untilReplicaAnswers(visitor);
  const resume = postgres.suspendReplica();
  try {
    const first = await Promise.all(Array.from({ length: 8 }, () => check(visitor)));
    expect(first.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    const skipped = await lookups('skipped');
    for (let each = 0; each < 10; each += 1) expect((await check(visitor)).status).toBe(200);
    expect(await lookups('skipped')).toBeGreaterThan(skipped);
    const lines = service.logLines().filter(({ code }) => code === 'REPLICA_UNAVAILABLE');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'warn', variable: 'DATABASE_REPLICA_URL' });
    expect(lines[0]?.cause).toMatch(/^DATABASE_(?:SLOW|NOT_ANSWERING)$/);
  } finally {
    resume();
  }
  await untilReplicaAnswers(visitor);
}, 20_000);

test('a replica that was stopped is used again once it is back', async () => {
  const visitor = await signUp();
  await untilReplicaAnswers(visitor);
  await postgres.stopReplica();
  try {
    expect((await check(visitor)).status).toBe(200);
    const line = await service.logLine(({ code }) => code === 'REPLICA_UNAVAILABLE');
    expect(line.seen).toMatch(/^DATABASE_REPLICA_URL points to /);
    expect(line.fix).not.toContain('DATABASE_URL');
  } finally {
    await postgres.startReplica();
  }
  await untilReplicaAnswers(visitor);
}, 20_000);

test('without the primary nobody can tell, once the bound has passed: the replica keeps nobody signed in', async () => {
  const visitor = await signUp();
  await untilReplicaAnswers(visitor);
  await postgres.query(`alter table session rename to session_moved`);
  try {
    await postgres.query(`alter table replica_heartbeat rename to replica_heartbeat_moved`);
    await new Promise((resolve) => setTimeout(resolve, maxLagMs + 100)); // the bound itself
    const answer = await check(visitor);
    expect(answer.status).toBe(503);
    expect(answer.json).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  } finally {
    await postgres.query(`alter table session_moved rename to session`);
    await postgres.query(`alter table replica_heartbeat_moved rename to replica_heartbeat`);
    await postgres.caughtUp();
  }
}, 20_000);

test('the startup report has no finding where a beat arrives, and names the replica', async () => {
  await service.logStartupReport();
  const report = service.logLines().find(({ msg }) => msg === 'startup');
  const { host } = new URL(postgres.replicaUrl);
  expect(report).toMatchObject({ replica: { host, maxLagMs } });
  expect(codes()).toEqual([]);
});

test.each([
  ['REPLICA_IS_PRIMARY', () => ({ DATABASE_REPLICA_URL: postgres.primaryUrl })],
  [
    'REPLICA_UNAVAILABLE',
    () => ({ DATABASE_REPLICA_URL: 'postgresql://auth:secret@127.0.0.1:9/auth' }),
  ],
])('the startup report warns: %s', async (code, env) => {
  const other = await start(env());
  try {
    await other.logStartupReport();
    const finding = await other.logLine((line) => line.code === code);
    expect(finding).toMatchObject({ level: 'warn', variable: 'DATABASE_REPLICA_URL' });
    expect(other.logText()).not.toContain('secret@');
  } finally {
    await other.stop();
  }
});

test('the startup report warns of a replica that lags or follows another database', async () => {
  await postgres.pauseReplay();
  const other = await start({ REPLICA_MAX_LAG_MS: '200' });
  try {
    await other.logStartupReport();
    expect(await other.logLine(({ code }) => code === 'REPLICA_BEHIND')).toMatchObject({
      level: 'warn',
    });
  } finally {
    await other.stop();
  }
});

function codes(): unknown[] {
  return service
    .logLines()
    .map(({ code }) => code)
    .filter((code) => String(code).startsWith('REPLICA_'));
}
