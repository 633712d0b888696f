/** Resend and webhooks over real HTTP: what is sent, how it is signed, and the reason of each failure. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { freePort } from '../../../src/dev/free-port.js';
import type { MailFailure } from '../../../src/features/mail/mail-failure.js';
import type { MailSettings } from '../../../src/features/mail/feature.js';
import { createResendTransport } from '../../../src/features/mail/resend-transport.js';
import { createWebhookTransport } from '../../../src/features/mail/webhook-transport.js';

interface Received {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let url: string;
let received: Received[] = [];
let respond: { status: number; body: string; hangs?: boolean; headers?: Record<string, string> };
beforeAll(async () => {
  server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8');
    req.on('data', (chunk: string) => (body += chunk));
    req.on('end', () => {
      received.push({ url: req.url, headers: req.headers, body });
      if (respond.hangs) return;
      res
        .writeHead(respond.status, { location: '/elsewhere', ...respond.headers })
        .end(respond.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  received = [];
  respond = { status: 200, body: '{}' };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const settings: MailSettings = {
  transport: { kind: 'resend', apiKey: 're_key' },
  variable: 'RESEND_API_KEY',
  from: { name: 'Example', address: 'auth@example.com' },
  replyTo: { name: '', address: 'help@example.com' },
  messageIdDomain: 'example.com',
  brand: { name: 'Example' },
  overrides: [],
  cronSecret: undefined,
};
const mail = {
  id: '7d3f',
  template: 'test-link',
  language: 'de',
  to: 'ada@recipient.example',
  subject: 'Hallo',
  text: 'Text',
  html: '<p>Text</p>',
};
const createTransports = {
  resend: (base: string) =>
    createResendTransport({ kind: 'resend', apiKey: 're_key' }, settings, base),
  webhook: (base: string) =>
    createWebhookTransport({ kind: 'webhook', url: base, secret }, settings),
};
const send = (kind: keyof typeof createTransports, base = url, timeoutMs = 5_000) =>
  createTransports[kind](base).send(mail, AbortSignal.timeout(timeoutMs));

test('Resend gets the mail with its key and the same idempotency key for every attempt', async () => {
  await send('resend');
  await send('resend');
  const [first, second] = received;
  expect(first?.url).toBe('/emails');
  expect(first?.headers).toMatchObject({
    authorization: 'Bearer re_key',
    'idempotency-key': '7d3f',
  });
  expect(JSON.parse(first?.body ?? '')).toEqual({
    from: '"Example" <auth@example.com>',
    to: ['ada@recipient.example'],
    reply_to: 'help@example.com',
    subject: 'Hallo',
    text: 'Text',
    html: '<p>Text</p>',
    headers: { 'Message-ID': '<7d3f@example.com>', 'Auto-Submitted': 'auto-generated' },
  });
  expect(second?.body).toBe(first?.body);
});

test('a webhook is signed, and a receiver of Standard Webhooks verifies it', async () => {
  await send('webhook');
  const [first] = received;
  const headers = first?.headers as Record<string, string>;
  const payload = new Webhook(secret).verify(first?.body ?? '', headers);
  expect(headers['webhook-id']).toBe('7d3f');
  expect(payload).toMatchObject({
    type: 'mail.send',
    data: {
      messageId: '<7d3f@example.com>',
      from: { name: 'Example', address: 'auth@example.com' },
      replyTo: { address: 'help@example.com' },
      to: 'ada@recipient.example',
      template: 'test-link',
      language: 'de',
      subject: 'Hallo',
    },
  });
  expect(() => new Webhook(secret).verify(`${first?.body ?? ''} `, headers)).toThrow();
});

describe.each(['resend', 'webhook'] as const)('%s', (kind) => {
  test.each([
    [301, 'provider_unavailable'],
    [307, 'provider_unavailable'],
    [308, 'provider_unavailable'],
    [401, 'authentication'],
    [403, 'authentication'],
    [400, 'message_refused'],
    [422, 'message_refused'],
    [429, 'rate_limited'],
    [500, 'provider_unavailable'],
    [503, 'provider_unavailable'],
  ])('%d is %s', async (status, reason) => {
    respond = { status, body: 'no' };
    await expect(send(kind)).rejects.toMatchObject({ reason, responseCode: status });
    expect(received).toHaveLength(1); // redirects are not followed
  });

  test('a server that does not respond is timed_out', async () => {
    respond = { status: 200, body: '', hangs: true };
    await expect(send(kind, url, 200)).rejects.toMatchObject({ reason: 'timed_out' });
  });

  test('a refused connection is connection_refused', async () => {
    await expect(send(kind, `http://127.0.0.1:${await freePort()}`)).rejects.toMatchObject({
      reason: 'connection_refused',
    });
  });

  test.each([
    ['120', 120_000],
    [new Date(Date.now() + 3_600_000).toUTCString(), 3_600_000],
    ['soon', undefined],
    ['0', undefined],
  ])('Retry-After: %s', async (value, expected) => {
    respond = { status: 429, body: '', headers: { 'retry-after': value } };
    const failure = await send(kind).catch((error: unknown) => error);
    const { retryAfterMs } = failure as MailFailure;
    if (expected === undefined) expect(retryAfterMs).toBeUndefined();
    else expect(Math.abs((retryAfterMs ?? 0) - expected)).toBeLessThan(60_000);
  });

  test('only the beginning of a refusal is read', async () => {
    respond = { status: 500, body: 'too much '.repeat(1_000_000) };
    const failure = (await send(kind).catch((error: unknown) => error)) as MailFailure;
    expect(failure).toMatchObject({ reason: 'provider_unavailable', responseCode: 500 });
    expect(failure.response?.length).toBeLessThanOrEqual(300);
  });

  test('the reply in the failure has neither address nor link', async () => {
    respond = { status: 400, body: 'no ada@recipient.example https://spam.example/token' };
    const failure = await send(kind).catch((error: unknown) => error);
    expect(failure).toMatchObject({ response: 'no [email] [url]' });
  });
});

test.each([
  [403, 'The example.com domain is not verified', 'sender_refused'],
  [422, 'Invalid `from` field', 'sender_refused'],
  [422, 'Invalid `to` field', 'recipient_refused'],
  [422, 'Attachments are not allowed to be larger', 'message_refused'],
  [409, 'concurrent_idempotent_requests', 'greylisted'],
])('Resend: %d %s is %s', async (status, message, reason) => {
  respond = { status, body: JSON.stringify({ message }) };
  await expect(send('resend')).rejects.toMatchObject({ reason });
});
