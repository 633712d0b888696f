/** /metrics for Prometheus: its format, what is counted, and that no visitor can add a time series. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reasonTable } from '../../../src/session/reasons.js';
import { readExposition, type Sample } from '../../support/exposition.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { until } from '../../support/until.js';
import { Visitor } from '../../support/visitor.js';

const token = 'Vt3kQ0aZs9LmXw2yBn7cRf5dHj8gPe4u';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ env: { DIAGNOSTICS_TOKEN: token } });
});
afterAll(() => service.stop());

async function scrape(): Promise<Sample[]> {
  const answer = await fetch(`${service.url}/metrics`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return readExposition(await answer.text());
}

const requestCount = 'auth_http_request_duration_seconds_count';
const responseCount = (samples: Sample[], route: string, status: string) =>
  samples.find(
    ({ name, labels }) =>
      name === requestCount && labels.route === route && labels.status === status,
  )?.value ?? 0;
const named = (samples: Sample[], name: string) => samples.filter((sample) => sample.name === name);

test('every reason has a counter that starts at zero and counts responses', async () => {
  const checks = async () =>
    Object.fromEntries(
      named(await scrape(), 'auth_session_checks_total').map(({ labels, value }) => [
        String(labels.reason),
        value,
      ]),
    );
  const none = Object.fromEntries(Object.keys(reasonTable).map((reason) => [reason, 0]));
  expect(await checks()).toEqual(none);
  await new Visitor(service).ask('/session');
  await new Visitor(service).getSession();
  await new Visitor(service).ask('/session', {
    headers: { cookie: 'better-auth.session_token=x' },
  });
  const after = { ...none, no_credential: 2, malformed_cookie: 1 };
  await expect.poll(checks, { timeout: 60_000 }).toEqual(after);
});

test('requests are counted by route and status class, with their duration', async () => {
  await new Visitor(service).ask('/health');
  await new Visitor(service).ask('/api/auth/sign-in/email', { body: {} });
  await new Visitor(service).ask('/no-such-route');
  const samples = await until(async () => {
    const found = await scrape();
    return responseCount(found, 'other', '4xx') > 0 && found;
  });
  expect(responseCount(samples, '/health', '2xx')).toBe(1);
  expect(responseCount(samples, '/api/auth/sign-in/email', '4xx')).toBe(1);
  expect(responseCount(samples, '/session', '4xx')).toBe(2);
  const buckets = named(samples, 'auth_http_request_duration_seconds_bucket').filter(
    ({ labels }) => labels.route === '/health',
  );
  const cumulative = buckets.map(({ value }) => value);
  expect(cumulative).toEqual([...cumulative].sort((a, b) => a - b));
  expect(buckets.at(-1)).toMatchObject({ labels: { le: '+Inf' }, value: 1 });
});

test('invented paths create no time series', async () => {
  const routes = async () =>
    new Set(named(await scrape(), requestCount).map(({ labels }) => labels.route));
  const visitor = new Visitor(service);
  await visitor.ask('/made/up');
  await visitor.ask('/api/auth/made-up');
  await expect.poll(routes, { timeout: 60_000 }).toContain('/api/auth/other');
  const before = await routes();
  const paths = ['/x1', '/x2/y', '/api/auth/x1', '/api/auth/callback/x2', '/api/auth/x"3', '/%0a#'];
  const own = ['/session/', '/SESSION', '/session?token=x'];
  for (const path of [...paths, ...own]) await visitor.ask(path);
  await visitor.ask('/session', { method: 'OPTIONS' });
  // Counted after the response is sent: these are the last ones.
  const lastOnes = async () => responseCount(await scrape(), '/session', '4xx');
  await expect.poll(lastOnes, { timeout: 60_000 }).toBe(2 + own.length);
  expect(await routes()).toEqual(new Set([...before, '/metrics']));
});

test('a request that the caller aborted is counted as aborted, not as a success', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  const blocker = await service.pool.connect();
  await blocker.query('begin');
  await blocker.query('lock table session'); // the session check waits for it
  const controller = new AbortController();
  const asked = fetch(`${service.url}/session`, {
    headers: { cookie: visitor.cookieHeader },
    signal: controller.signal,
  }).catch(() => 'aborted');
  await until(async () => {
    const { rows } = await blocker.query<{ waiting: string }>(
      `select count(*) as waiting from pg_locks l join pg_database d on d.oid = l.database
        where datname = current_database() and not granted`,
    );
    return rows[0]?.waiting === '1';
  });
  controller.abort();
  expect(await asked).toBe('aborted');
  const aborted = async () => responseCount(await scrape(), '/session', 'aborted');
  await expect.poll(aborted, { timeout: 60_000 }).toBe(1);
  await blocker.query('rollback');
  blocker.release();
});

test('the metrics include the connection pool and the process', async () => {
  // The startup report and aborted requests keep their connections for a while.
  await service.logStartupReport();
  await until(() => service.pool.idleCount === service.pool.totalCount);
  const held = await service.pool.connect();
  const samples = await scrape();
  held.release();
  const value = (name: string) => named(samples, `auth_database_pool_${name}`)[0]?.value ?? NaN;
  expect(value('connections')).toBe(service.pool.totalCount);
  expect(value('idle_connections')).toBe(service.pool.totalCount - 1);
  expect(value('waiting_queries')).toBe(0);
  expect(named(samples, 'process_resident_memory_bytes')[0]?.value).toBeGreaterThan(1e6);
  expect(named(samples, 'nodejs_eventloop_lag_seconds')).toHaveLength(1);
});

test.each([
  ['a line without a line feed', '# TYPE a counter\na 1'],
  ['no type', 'a 1\n'],
  ['a label without quotes', '# TYPE a counter\na{b=c} 1\n'],
  ['an open quote', '# TYPE a counter\na{b="c} 1\n'],
  ['no number', '# TYPE a counter\na one\n'],
  ['a series twice', '# TYPE a counter\na{b="c"} 1\na{b="c"} 2\n'],
])('the test’s parser of the format rejects %s', (_, text) => {
  expect(() => readExposition(text)).toThrow();
});
