/** A body that exceeds the limit is rejected immediately, before it has been received, and without 100 Continue. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

interface Conversation {
  readonly text: string;
  /** When the response was complete, and when the connection was closed, in milliseconds after sending the head. */
  readonly answeredMs: number;
  readonly closedMs: number;
}

/** Sends a head and parts of a body, then stops: the body never ends. */
async function converse(
  lines: readonly string[],
  parts: readonly string[] = [],
): Promise<Conversation> {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  const startedAt = performance.now();
  let text = '';
  let answeredMs = Infinity;
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (/^HTTP\/1\.1 [2-5]/m.test(text))
      answeredMs = Math.min(answeredMs, performance.now() - startedAt);
  });
  socket.on('error', () => undefined); // it may be closed while we send
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const [requestLine = '', ...more] = lines;
  const head = [requestLine, 'Host: localhost', 'Origin: http://localhost:3000', ...more, '', ''];
  socket.write(head.join('\r\n'));
  for (const part of parts) socket.write(part);
  await closed;
  return { text, answeredMs, closedMs: performance.now() - startedAt };
}

const post = 'POST /api/auth/sign-in/email HTTP/1.1';
const json = 'Content-Type: application/json';
const chunk = (size: number) => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`;

test.each([
  ['announced, none of it sent', [post, json, 'Content-Length: 10000000'], []],
  ['announced, a part of it sent', [post, json, 'Content-Length: 10000000'], ['x'.repeat(50_000)]],
  ['announced by one byte too many', [post, json, 'Content-Length: 102401'], []],
  [
    'announced and asked about',
    [post, json, 'Content-Length: 10000000', 'Expect: 100-continue'],
    [],
  ],
  ['in chunks', [post, json, 'Transfer-Encoding: chunked'], [chunk(60_000), chunk(60_000)]],
  ['of a GET', ['GET /api/auth/get-session HTTP/1.1', 'Content-Length: 10000000'], []],
])('%s: 413 and Connection: close, long before the body could be there', async (_, head, parts) => {
  const { text, answeredMs, closedMs } = await converse(head, parts);
  expect(text).toMatch(/^HTTP\/1\.1 413 /);
  expect(text).toMatch(/^connection: close\r$/im);
  expect(text).toMatch(/^access-control-allow-origin: http:\/\/localhost:3000\r$/im);
  expect(text).toContain('"code":"BODY_TOO_LARGE"');
  expect(text.match(/"requestId":"([^"]+)"/)?.[1]).toBe(
    text.match(/^x-request-id: (.+)\r$/im)?.[1],
  );
  expect(answeredMs).toBeLessThan(5_000); // it used to take 38 s
  expect(closedMs).toBeLessThan(10_000);
});

test('a body within the limit with Expect: 100-continue is received and answered', async () => {
  const body = JSON.stringify({ email: 'a@example.com', password: 'x' });
  const head = [
    post,
    json,
    `Content-Length: ${body.length}`,
    'Expect: 100-continue',
    'Connection: close',
  ];
  const { text } = await converse(head, [body]);
  expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 401 /);
});

test('a small body of a GET is not read, and the connection is closed after the response', async () => {
  const head = ['GET /api/auth/get-session HTTP/1.1', json, 'Content-Length: 5000'];
  const { text } = await converse(head, ['{']);
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
  expect(text).toMatch(/^connection: close\r$/im);
});

test('a client that sends the whole body before reading still receives the response', async () => {
  for (let time = 1; time <= 20; time += 1) {
    const body = 'x'.repeat(102_401 + time * 20_000);
    const answer = await new Visitor(service).ask('/api/auth/sign-in/email', { body });
    expect(answer.status).toBe(413);
    expect(answer.json).toMatchObject({ code: 'BODY_TOO_LARGE' });
  }
});

test('nothing was logged as an error', () => {
  expect(service.logLines().filter(({ level }) => level === 'error')).toEqual([]);
});
