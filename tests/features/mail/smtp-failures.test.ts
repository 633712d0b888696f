/** Each way in which an SMTP server fails has one reason, is retried or not, and never loses a mail silently. */
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SMTPServerOptions } from 'smtp-server';
import { certificateFor } from '../../support/certificate.js';
import { reply, startMailServer } from '../../support/mail-server.js';
import { mailFeature, testMail } from '../../support/mail-feature.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { startTestService } from '../../support/test-service.js';

let testDatabase: TestDatabase;
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
beforeEach(async () => {
  await testDatabase.query('delete from mail_outbox');
  await testDatabase.query('delete from rate_limit');
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(() => testDatabase.drop());

/** Sends one mail to the server. @returns its row and log line after one attempt */
async function sendOnce(url: string) {
  const service = await startTestService({
    testDatabase,
    extraFeatures: [mailFeature],
    env: { SMTP_URL: url, MAIL_FROM: 'auth@example.com' },
  });
  stops.push(() => service.stop());
  await service.mailer?.enqueue(service.orm, testMail());
  await service.mailer?.sendDue();
  const [row] = await testDatabase.query('select * from mail_outbox');
  const line = service.logLines().find(({ mailId }) => mailId !== undefined);
  for (const secret of ['ada@', 'SecretOfTheLink']) expect(service.logText()).not.toContain(secret);
  return { row, line, service };
}

async function smtp(options: SMTPServerOptions): Promise<string> {
  const server = await startMailServer(options);
  stops.push(() => server.stop());
  return server.url;
}

/** A TCP server that speaks for itself. */
async function tcp(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const address = 'refused <ada@recipient.example>: see https://spam.example/SecretOfTheLink';
const refuse =
  (step: 'onMailFrom' | 'onRcptTo' | 'onData' | 'onConnect', code: number) =>
  (): SMTPServerOptions =>
    step === 'onData'
      ? {
          onData(stream, _session, done) {
            stream.resume();
            stream.on('end', () => done(reply(code, address)));
          },
        }
      : {
          [step]: (...args: unknown[]) =>
            (args.at(-1) as (error: Error) => void)(reply(code, address)),
        };

describe('a reply of the server', () => {
  test.each([
    ['421 to the connection', refuse('onConnect', 421), 'provider_unavailable', 'pending'],
    ['554 to the connection', refuse('onConnect', 554), 'provider_unavailable', 'pending'],
    ['550 to MAIL FROM', refuse('onMailFrom', 550), 'sender_refused', 'pending'],
    ['450 to RCPT TO', refuse('onRcptTo', 450), 'greylisted', 'pending'],
    ['451 to RCPT TO', refuse('onRcptTo', 451), 'greylisted', 'pending'],
    ['452 to RCPT TO', refuse('onRcptTo', 452), 'rate_limited', 'pending'],
    ['550 to RCPT TO', refuse('onRcptTo', 550), 'recipient_refused', 'failed'],
    ['421 to DATA', refuse('onData', 421), 'provider_unavailable', 'pending'],
    ['451 to DATA', refuse('onData', 451), 'provider_unavailable', 'pending'],
    ['554 to DATA', refuse('onData', 554), 'message_refused', 'failed'],
  ] as const)('%s', async (_what, options, reason, state) => {
    const { row, line } = await sendOnce(await smtp(options()));
    expect(row).toMatchObject({ reason, state });
    expect(row?.payload === null).toBe(state === 'failed');
    expect(line).toMatchObject({
      reason,
      mailId: row?.id,
      level: state === 'failed' ? 'error' : 'warn',
    });
    expect(line?.fix).toBeTypeOf('string');
  });
});

test('a refused connection', async () => {
  const url = await tcp(() => undefined);
  await stops.pop()?.();
  const { row } = await sendOnce(url);
  expect(row).toMatchObject({ reason: 'connection_refused', state: 'pending' });
});

test('a server that closes the connection at once', async () => {
  const { row } = await sendOnce(await tcp((socket) => socket.destroy()));
  expect(row).toMatchObject({ reason: 'connection_lost', state: 'pending' });
});

test('a server that drops the connection in the middle of DATA', async () => {
  const url = await tcp((socket) => {
    let isData = false;
    socket.write('220 mail.example ESMTP\r\n');
    socket.on('data', (chunk) => {
      if (isData) {
        socket.destroy();
        return;
      }
      isData = chunk.toString().startsWith('DATA');
      socket.write(isData ? '354 go ahead\r\n' : '250 OK\r\n');
    });
  });
  const { row } = await sendOnce(url);
  expect(row).toMatchObject({ reason: 'connection_lost', state: 'pending' });
});

test('a server that accepts the connection and never speaks', async () => {
  const { row } = await sendOnce(await tcp(() => undefined));
  expect(row).toMatchObject({ reason: 'timed_out', state: 'pending' });
}, 40_000);

test('wrong credentials', async () => {
  const url = await smtp({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => done(reply(535, 'authentication failed')),
  });
  const { row, service } = await sendOnce(url.replace('//', '//user:secret-word@'));
  expect(row).toMatchObject({ reason: 'authentication', state: 'pending' });
  expect(service.logText()).not.toContain('secret-word');
});

test('an untrusted certificate', async () => {
  const { cert, private: key } = await certificateFor('mail.example');
  const url = await smtp({ secure: true, cert, key });
  const { row } = await sendOnce(url.replace('smtp:', 'smtps:'));
  expect(row).toMatchObject({ reason: 'tls', state: 'pending' });
});

test('STARTTLS with an untrusted certificate', async () => {
  const { cert, private: key } = await certificateFor('mail.example');
  const { row } = await sendOnce(await smtp({ cert, key, disabledCommands: [] }));
  expect(row).toMatchObject({ reason: 'tls', state: 'pending' });
});
