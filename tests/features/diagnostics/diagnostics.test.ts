/** What the service tells to whoever presents DIAGNOSTICS_TOKEN, and to nobody else. */
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
  ])('with %s answers 401 and nothing of what it holds', async (_, headers) => {
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
  ])('with the token in %s answers, not to be stored', async (_, headers) => {
    const answer = await ask(path, headers);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('is no page’s business: no CORS header, no preflight, no other method', async () => {
    const page = await ask(path, withToken); // a visitor sends a trusted Origin
    expect([...page.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual(
      [],
    );
    for (const method of ['OPTIONS', 'POST', 'DELETE']) {
      const answer = await ask(path, withToken, method);
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('GET, HEAD');
    }
  });

  test('is an unknown route where no token is set', async () => {
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

test('the startup part is the startup line, field by field', async () => {
  await service.logStartupReport();
  const [line] = service.logLines().filter(({ msg }) => msg === 'startup');
  const { level, msg, time, ...told } = line ?? { level: '', msg: '' };
  expect([level, msg, typeof time]).toEqual(['info', 'startup', 'string']);
  const { startup } = diagnosticsOf(await ask('/diagnostics', withToken));
  const { canary, ...database } = told.database as { canary: { own: string } };
  expect(startup).toEqual({
    ...told,
    database: {
      ...database,
      latencyMs: expect.any(Number) as number,
      // A fresh one, so that asking A and then B tells whether they read one database.
      canary: {
        own: expect.not.stringMatching(canary.own) as string,
        all: expect.arrayContaining([canary.own]) as string[],
      },
    },
  });
});

test('time and verdicts: when, since when, and each reason that was told', async () => {
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

describe('the client is told as rate limits see it', () => {
  test('from the header the operator named', async () => {
    const headers = { ...withToken, [testIpHeader]: '192.0.2.1, 192.0.2.9' };
    const { client } = diagnosticsOf(await ask('/diagnostics', headers));
    expect(client).toEqual({ address: '192.0.2.9', from: testIpHeader });
  });

  test('from the socket where the header holds no address', async () => {
    const headers = { ...withToken, [testIpHeader]: 'unknown' };
    const { client } = diagnosticsOf(await ask('/diagnostics', headers));
    expect(client.from).toBe('socket');
    expect(client.address).toMatch(/^(::ffff:)?127\.0\.0\.1$/);
  });
});

test('neither the token nor a guess of it reaches the log', async () => {
  const guess = 'a-guess-that-nobody-should-ever-read-01';
  await ask('/diagnostics', { 'x-diagnostics-token': guess });
  await ask('/diagnostics', { authorization: `Bearer ${guess}` });
  await service.logLine(({ code }) => code === 'DIAGNOSTICS_TOKEN_REQUIRED');
  expect(service.logText()).not.toContain(token);
  expect(service.logText()).not.toContain(guess);
});

describe('with the database', () => {
  test('asked once however often the report is read within three seconds', async () => {
    const other = await startTestService({ testDatabase, env: { DIAGNOSTICS_TOKEN: token } });
    let queries = 0;
    other.pool.on('acquire', () => (queries += 1));
    const visitor = new Visitor(other);
    const read = () => visitor.ask('/diagnostics', { headers: withToken });
    await read();
    const forOne = queries;
    expect(forOne).toBeGreaterThan(0);
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 20 }, read));
    const periods = Math.ceil((performance.now() - startedAt) / 3_000);
    expect(queries).toBeLessThanOrEqual(forOne * (1 + periods));
    await other.stop();
  });

  test('stuck behind a lock, the report answers within a request’s time, with what it has', async () => {
    const env = { DIAGNOSTICS_TOKEN: token, VERCEL_ENV: 'preview' };
    const other = await startTestService({ testDatabase, env, deadlineMs: 1_000 });
    const blocker = await other.pool.connect();
    await blocker.query('begin; lock table deployment_canary in exclusive mode');
    const startedAt = performance.now();
    const answer = await new Visitor(other).ask('/diagnostics', { headers: withToken });
    // By itself the statement that waits ends after 5 seconds.
    expect(performance.now() - startedAt).toBeLessThan(4_500);
    await blocker.query('rollback');
    blocker.release();
    expect(answer.status).toBe(200);
    const { database } = diagnosticsOf(answer).startup;
    expect(database).toMatchObject({ status: 'ready' });
    expect(database).not.toHaveProperty('canary');
    await other.stop();
  });

  test('away, the report answers all the same and says so', async () => {
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
