/** Traces reach a receiver of OTLP: what a span says, what it must not say, and whose trace it belongs to. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  startOtlpReceiver,
  type OtlpReceiver,
  type ReceivedSpan,
} from '../../support/otlp-receiver.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

const headers = 'x-key=zq7%20header,authorization=Basic%20abc';
const parentTrace = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentSpan = '00f067aa0ba902b7';

let receiver: OtlpReceiver;
let service: TestService;
const kept: Promise<unknown>[] = [];
beforeAll(async () => {
  receiver = await startOtlpReceiver();
  service = await startTestService({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: headers,
      OTEL_SERVICE_NAME: 'logins',
      OTEL_RESOURCE_ATTRIBUTES: 'team=identity',
    },
    waitUntil: (work) => void kept.push(work), // as on Vercel: flushed after each response
  });
  await service.logStartupReport();
});
afterAll(() => receiver.stop());
beforeEach(async () => {
  await Promise.all(kept);
  receiver.spans.length = 0;
});

/** The span of the request with this id, and those below it, once they have arrived. */
async function traceOf(requestId: string): Promise<readonly [ReceivedSpan, ...ReceivedSpan[]]> {
  const ofRequest = () =>
    receiver.spans.find(({ attributes }) => attributes['auth.request_id'] === requestId);
  await expect.poll(ofRequest, { timeout: 10_000 }).toBeDefined();
  const span = ofRequest() as ReceivedSpan;
  await Promise.all(kept);
  return [span, ...receiver.spans.filter(({ parentSpanId }) => parentSpanId === span.spanId)];
}
const withId = (id: string, more = {}) => ({ headers: { 'x-request-id': id, ...more } });

test('a session check is one span with its route, status and reason, and one of its statement', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  await visitor.ask('/session', withId('check'));
  const [span, statement, ...others] = await traceOf('check');
  expect(span).toMatchObject({ name: 'GET /session', kind: 2 });
  expect(span.attributes).toEqual({
    'http.request.method': 'GET',
    'http.route': '/session',
    'http.response.status_code': 200,
    'url.scheme': 'http',
    'server.address': 'localhost',
    'auth.request_id': 'check',
    'auth.reason': 'valid',
  });
  expect(statement).toMatchObject({
    name: 'SELECT session',
    kind: 3,
    traceId: span.traceId,
    attributes: {
      'db.system.name': 'postgresql',
      'db.operation.name': 'SELECT',
      'db.collection.name': 'session',
      'db.query.summary': 'SELECT session',
    },
  });
  expect(others).toEqual([]);
  const [start, end] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)];
  expect(end - start).toBeGreaterThan(0n);
  expect(end - start).toBeLessThan(10_000_000_000n);
  expect(BigInt(statement?.startTimeUnixNano ?? 0)).toBeGreaterThanOrEqual(start);
});

test('the log lines of a request have its trace and span', async () => {
  await new Visitor(service).ask('/session', withId('logged'));
  const [span] = await traceOf('logged');
  const line = await service.logLine(({ requestId }) => requestId === 'logged');
  expect(line).toMatchObject({ trace_id: span.traceId, span_id: span.spanId });
});

test('a sign-in is a span with the endpoint and outcome, the hash and the statements', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  const answer = await visitor.signIn('a wrong one');
  const [span, ...children] = await traceOf(answer.headers.get('x-request-id') ?? '');
  expect(span.name).toBe('POST /api/auth/sign-in/email');
  expect(span.attributes).toMatchObject({
    'auth.code': 'INVALID_EMAIL_OR_PASSWORD',
    'auth.outcome': 'wrong_password',
    'http.response.status_code': 401,
  });
  expect(span.status?.code ?? 0).toBe(0); // a 4xx is no error of the server
  const names = children.map(({ name }) => name);
  expect(names).toContain('verify password');
  expect(names).toContain('SELECT user');
});

test('the service is named, and the headers are sent', () => {
  expect(receiver.resource).toMatchObject({
    'service.name': 'logins',
    'service.version': '0.1.0',
    'deployment.environment.name': 'production',
    team: 'identity',
    'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
  });
  const [first] = receiver.requests.filter(({ path }) => path === '/v1/traces');
  expect(first?.headers).toMatchObject({ 'x-key': 'zq7 header', authorization: 'Basic abc' });
});

test('a span belongs to the trace of a well-formed traceparent', async () => {
  const traceparent = `00-${parentTrace}-${parentSpan}-01`;
  await new Visitor(service).ask('/session', withId('parent', { traceparent }));
  const [span] = await traceOf('parent');
  expect(span).toMatchObject({ traceId: parentTrace, parentSpanId: parentSpan });
});

test('a caller whose trace is not sampled gets no span, but its trace in the log', async () => {
  const traceparent = `00-${parentTrace}-${parentSpan}-00`;
  await new Visitor(service).ask('/session', withId('unsampled', { traceparent }));
  const line = await service.logLine(({ requestId }) => requestId === 'unsampled');
  expect(line.trace_id).toBe(parentTrace);
  await Promise.all(kept);
  expect(receiver.spans).toEqual([]);
});

test.each([
  ['of zeros', `00-${'0'.repeat(32)}-${parentSpan}-01`],
  ['without a span', `00-${parentTrace}-${'0'.repeat(16)}-01`],
  ['of version ff', `ff-${parentTrace}-${parentSpan}-01`],
  ['in capitals', `00-${parentTrace.toUpperCase()}-${parentSpan}-01`],
  ['that is too short', `00-${parentTrace}-${parentSpan}`],
  ['that is too long', `00-${parentTrace}-${parentSpan}-01-x`],
  ['of any text', 'zq7marker'],
  ['of 8,000 characters', '0'.repeat(8_000)],
])('a traceparent %s begins a new trace', async (what, traceparent) => {
  const id = what.replaceAll(' ', '-').replace(',', '');
  await new Visitor(service).ask('/session', withId(id, { traceparent, tracestate: 'zq7=marker' }));
  const [span] = await traceOf(id);
  expect(span.traceId).not.toBe(parentTrace);
  expect(span.parentSpanId ?? '').toBe('');
});

test('no token, e-mail address, password, query or path of a caller is in a trace', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  await visitor.ask(`/made-up/${visitor.email}`, withId('made-up'));
  await visitor.ask('/session?token=zq7marker', { ...withId('query'), method: 'PURGE' });
  await visitor.ask('/api/auth/reset-password/zq7marker', withId('reset'));
  expect((await traceOf('made-up'))[0].name).toBe('GET');
  const odd = (await traceOf('query'))[0];
  expect(odd.name).toBe('HTTP /session');
  expect(odd.attributes['http.request.method']).toBe('_OTHER');
  await traceOf('reset');
  const token = visitor.cookies.get('better-auth.session_token')?.slice(0, 32) ?? '';
  expect(token).toHaveLength(32);
  for (const secret of [visitor.email, visitor.password, 'zq7marker', token]) {
    expect(receiver.text()).not.toContain(secret);
  }
});

test('probes and scrapes are not traced', async () => {
  for (const path of ['/health', '/ready'])
    await new Visitor(service).ask(path, withId(path.slice(1)));
  await new Visitor(service).ask('/session', withId('after-probes'));
  await traceOf('after-probes');
  const named = receiver.spans.map(({ attributes }) => attributes['auth.request_id']);
  expect(named).not.toContain('health');
  expect(named).not.toContain('ready');
});

test('a page may send traceparent', async () => {
  const response = await fetch(`${service.url}/api/auth/get-session`, {
    method: 'OPTIONS',
    headers: {
      origin: 'http://localhost:3000',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'traceparent',
    },
  });
  expect(response.headers.get('access-control-allow-headers')).toBe('traceparent');
});

test('the metrics arrive under the names that /metrics has', async () => {
  await service.stop();
  const metric = (name: string) => receiver.metrics.find((each) => each.name === name);
  const checks = metric('auth_session_checks_total')?.sum;
  expect(checks).toMatchObject({ isMonotonic: true, aggregationTemporality: 2 });
  expect(metric('auth_database_pool_connections')?.gauge?.dataPoints).toHaveLength(1);
  const durations = metric('auth_http_request_duration_seconds')?.histogram?.dataPoints ?? [];
  expect(durations.length).toBeGreaterThan(3);
  for (const { count, bucketCounts = [], explicitBounds = [] } of durations) {
    expect(bucketCounts).toHaveLength(explicitBounds.length + 1);
    expect(bucketCounts.reduce((sum, each) => sum + each, 0)).toBe(count);
  }
});
