/** The routes that require DIAGNOSTICS_TOKEN: their access check, and the report. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errors } from '../../../src/features/diagnostics/reasons.js';
import { reasonTable } from '../../../src/session/reasons.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { startTestService, testIpHeader, type TestService } from '../../support/test-service.js';
import { until } from '../../support/until.js';
import { Visitor, type Answer } from '../../support/visitor.js';

const token = 'Vt3kQ0aZs9LmXw2yBn7cRf5dHj8gPe4u';

let testDatabase: TestDatabase;
let service: TestService;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  service = await startTestService({ testDatabase, env: { DIAGNOSTICS_TOKEN: token } });
});
afterAll(async () => {
  await service.stop();
  await testDatabase.drop();
});

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Visitor(service).ask(path, { headers, method });
const withToken = { 'x-diagnostics-token': token };

interface Diagnostics {
  time: string;
  startup: Record<string, unknown>;
  verdicts: { since: string; counts: Record<string, number> };
  client: { address: string; from: string };
}
const diagnosticsOf = (answer: Answer) => answer.json as unknown as Diagnostics;

describe.each(['/diagnostics', '/metrics'])('%s', (path) => {
  test.each([
    ['no token', {}],
    ['an empty token', { 'x-diagnostics-token': '' }],
    ['another token', { 'x-diagnostics-token': token.replace('V', 'W') }],
    ['the token cut short', { 'x-diagnostics-token': token.slice(0, -1) }],
    ['the token and more', { 'x-diagnostics-token': `${token}x` }],
    ['the token twice', { 'x-diagnostics-token': `${token}, ${token}` }],
    ['another bearer token', { authorization: `Bearer ${token}x` }],
    ['the token as password', { authorization: `Basic ${btoa(`:${token}`)}` }],
  ])('responds 401 without content to %s', async (_, headers) => {
    const answer = await ask(path, headers);
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({
      code: 'DIAGNOSTICS_TOKEN_REQUIRED',
      message: errors.DIAGNOSTICS_TOKEN_REQUIRED.message,
      requestId: answer.headers.get('x-request-id'),
    });
  });

  test.each([
    ['x-diagnostics-token', withToken],
    ['Authorization: Bearer', { authorization: `Bearer ${token}` }],
    ['a scheme in lower case', { authorization: `bearer ${token}` }],
  ])('responds 200 with no-store to the token in %s', async (_, headers) => {
    const answer = await ask(path, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('has no CORS headers, and responds 405 to preflights and other methods', async () => {
    const page = await ask(path, withToken); // with a trusted Origin
    expect([...page.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual(
      [],
    );
    for (const method of ['OPTIONS', 'POST', 'DELETE']) {
      const answer = await ask(path, withToken, method);
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('GET, HEAD');
    }
  });

  test('responds like an unknown route if DIAGNOSTICS_TOKEN is not set', async () => {
    const other = await startTestService({ testDatabase });
    const asked = async (route: string) => {
      const answer = await new Visitor(other).ask(route, { headers: withToken });
      const kept = [...answer.headers].filter(([name]) => !/^(date|x-request-id)$/.test(name));
      return { status: answer.status, kept, body: { ...answer.json, requestId: '' } };
    };
    expect(await asked(path)).toEqual(await asked('/no-such-route'));
    expect((await asked(path)).status).toBe(404);
    await other.stop();
  });
});

test('`startup` has the fields of the startup log line', async () => {
  await service.logStartupReport();
  const [line] = service.logLines().filter(({ msg }) => msg === 'startup');
  const { level, msg, time, ...report } = line ?? { level: '', msg: '' };
  expect([level, msg, typeof time]).toEqual(['info', 'startup', 'string']);
  const { startup } = diagnosticsOf(await ask('/diagnostics', withToken));
  const { canary, ...database } = report.database as { canary: { own: string } };
  expect(startup).toEqual({
    ...report,
    database: {
      ...database,
      latencyMs: expect.any(Number) as number,
      // A new one for each request: two deployments that report each other's canary share a database.
      canary: {
        own: expect.not.stringMatching(canary.own) as string,
        all: expect.arrayContaining([canary.own]) as string[],
      },
    },
  });
});

test('`time` and `verdicts`: the current time, the start of the counts, and a count for each reason', async () => {
  const before = diagnosticsOf(await ask('/diagnostics', withToken));
  expect(new Date(before.time).toISOString()).toBe(before.time);
  expect(before.verdicts.since <= before.time).toBe(true);
  expect(Object.keys(before.verdicts.counts)).toEqual(Object.keys(reasonTable));
  const visitor = new Visitor(service);
  await visitor.signUp();
  await visitor.ask('/session');
  await visitor.getSession();
  await new Visitor(service).ask('/session');
  await visitor.ask('/health');
  const counts = await until(async () => {
    const { verdicts } = diagnosticsOf(await ask('/diagnostics', withToken));
    return verdicts.counts.no_credential === 1 && verdicts.counts;
  });
  expect(counts).toEqual({ ...before.verdicts.counts, valid: 2, no_credential: 1 });
});

describe('`client` is the address that rate limits use', () => {
  test('from the header in CLIENT_IP_HEADER', async () => {
    const headers = { ...withToken, [testIpHeader]: '192.0.2.1, 192.0.2.9' };
    const { client } = diagnosticsOf(await ask('/diagnostics', headers));
    expect(client).toEqual({ address: '192.0.2.9', from: testIpHeader });
  });

  test('from the socket if the header contains no address', async () => {
    const headers = { ...withToken, [testIpHeader]: 'unknown' };
    const { client } = diagnosticsOf(await ask('/diagnostics', headers));
    expect(client.from).toBe('socket');
    expect(client.address).toMatch(/^(::ffff:)?127\.0\.0\.1$/);
  });
});

test('neither the token nor a wrong one is logged', async () => {
  const guess = 'a-wrong-token-that-must-never-be-logged';
  await ask('/diagnostics', { 'x-diagnostics-token': guess });
  await ask('/diagnostics', { authorization: `Bearer ${guess}` });
  await service.logLine(({ code }) => code === 'DIAGNOSTICS_TOKEN_REQUIRED');
  expect(service.logText()).not.toContain(token);
  expect(service.logText()).not.toContain(guess);
});

describe('the database', () => {
  test('is queried once for all reports within a second', async () => {
    const other = await startTestService({ testDatabase, env: { DIAGNOSTICS_TOKEN: token } });
    let queries = 0;
    other.pool.on('acquire', () => (queries += 1));
    const visitor = new Visitor(other);
    const read = () => visitor.ask('/diagnostics', { headers: withToken });
    await read();
    const queriesOfOne = queries;
    expect(queriesOfOne).toBeGreaterThan(0);
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 20 }, read));
    const periods = Math.ceil((performance.now() - startedAt) / 1_000);
    expect(queries).toBeLessThanOrEqual(queriesOfOne * (1 + periods));
    await other.stop();
  });

  test('is locked: the report responds within the request deadline, without the canary', async () => {
    const env = { DIAGNOSTICS_TOKEN: token, VERCEL_ENV: 'preview' };
    const other = await startTestService({ testDatabase, env, deadlineMs: 1_000 });
    const blocker = await other.pool.connect();
    await blocker.query('begin; lock table deployment_canary in exclusive mode');
    const startedAt = performance.now();
    const answer = await new Visitor(other).ask('/diagnostics', { headers: withToken });
    // The waiting statement itself times out after 5 seconds.
    expect(performance.now() - startedAt).toBeLessThan(4_500);
    await blocker.query('rollback');
    blocker.release();
    expect(answer.status).toBe(200);
    const { database } = diagnosticsOf(answer).startup;
    expect(database).toMatchObject({ status: 'ready' });
    expect(database).not.toHaveProperty('canary');
    await other.stop();
  });

  test('is unreachable: the report responds 200 and says so', async () => {
    const env = { DIAGNOSTICS_TOKEN: token, DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/auth' };
    const other = await startTestService({ testDatabase, env });
    const answer = await new Visitor(other).ask('/diagnostics', { headers: withToken });
    expect(answer.status).toBe(200);
    const { startup } = diagnosticsOf(answer);
    expect(startup.database).toMatchObject({ host: '127.0.0.1:1', status: 'unavailable' });
    expect(startup.findings).toContainEqual(
      expect.objectContaining({ code: 'DATABASE_UNREACHABLE' }),
    );
    await other.stop();
  });
});
