/** At each step of SMTP the server may hang, disconnect or refuse: the reason, and whether the mail is retried. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { MailSettings, SmtpSettings } from '../../../src/features/mail/feature.js';
import { isFinal, type MailReason } from '../../../src/features/mail/reasons.js';
import { createSmtpTransport } from '../../../src/features/mail/smtp-transport.js';
import type { MailFailure } from '../../../src/features/mail/mail-failure.js';

const steps = ['greeting', 'EHLO', 'AUTH', 'MAIL FROM', 'RCPT TO', 'DATA', 'end of DATA'] as const;
type Step = (typeof steps)[number];

/** What the server does at the step: nothing at all, or this. */
type Act = (socket: Socket) => void;

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface ScriptedServer {
  readonly port: number;
  /** Connections that the client has not closed. */
  readonly open: ReadonlySet<Socket>;
}

/** Accepts every step up to `step`, and acts there. */
async function startScriptedServer(step: Step, act: Act): Promise<ScriptedServer> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => undefined);
    const reply = (at: Step, text: string) => {
      if (at === step) act(socket);
      else socket.write(`${text}\r\n`);
    };
    let isData = false;
    let received = '';
    reply('greeting', '220 mail.example ESMTP');
    socket.on('data', (chunk) => {
      received += chunk.toString();
      for (let end = received.indexOf('\r\n'); end !== -1; end = received.indexOf('\r\n')) {
        const line = received.slice(0, end);
        received = received.slice(end + 2);
        if (isData) {
          if (line !== '.') continue;
          isData = false;
          reply('end of DATA', '250 accepted');
        } else if (line.startsWith('EHLO')) {
          reply('EHLO', '250-mail.example\r\n250 AUTH PLAIN');
        } else if (line.startsWith('HELO')) {
          reply('EHLO', '250 mail.example');
        } else if (line.startsWith('AUTH')) {
          reply('AUTH', '235 accepted');
        } else if (line.startsWith('MAIL')) {
          reply('MAIL FROM', '250 OK');
        } else if (line.startsWith('RCPT')) {
          reply('RCPT TO', '250 OK');
        } else if (line === 'DATA') {
          isData = step !== 'DATA';
          reply('DATA', '354 go ahead');
        } else {
          socket.write(line === 'RSET' ? '250 OK\r\n' : '502 not implemented\r\n');
        }
      }
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  stops.push(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, open };
}

function transportTo(port: number, changes: Partial<SmtpSettings> = {}) {
  const transport: SmtpSettings = {
    kind: 'smtp',
    host: '127.0.0.1',
    port,
    secure: false,
    requireTls: false,
    user: 'user',
    password: 'secret-word',
    ...changes,
  };
  const settings: MailSettings = {
    transport,
    variable: 'SMTP_URL',
    from: { name: 'Example', address: 'auth@example.com' },
    replyTo: undefined,
    messageIdDomain: 'example.com',
    brand: { name: 'Example' },
    overrides: [],
    cronSecret: undefined,
  };
  const created = createSmtpTransport(transport, settings);
  stops.push(() => {
    created.close();
    return Promise.resolve();
  });
  return created;
}

const mail = {
  id: '7d3f',
  template: 'test-link',
  language: 'en',
  to: 'ada@recipient.example',
  subject: 'Hello',
  text: 'Text',
  html: '<p>Text</p>',
};

async function failureAt(step: Step, act: Act, timeoutMs = 10_000) {
  const server = await startScriptedServer(step, act);
  const sending = transportTo(server.port).send(mail, AbortSignal.timeout(timeoutMs));
  const failure = (await sending.catch((error: unknown) => error)) as MailFailure;
  return { failure, server };
}

test('a server that accepts every step gets the mail', async () => {
  const { port } = await startScriptedServer('greeting', (socket) => socket.write('220 OK\r\n'));
  await transportTo(port).send(mail, AbortSignal.timeout(10_000));
});

describe('a server that hangs', () => {
  test.each(steps)('at %s: timed_out, and the connection is closed', async (step) => {
    const { failure, server } = await failureAt(step, () => undefined, 300);
    expect(failure.reason).toBe('timed_out');
    while (server.open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});

describe('a server that disconnects', () => {
  test.each(steps)('at %s: connection_lost', async (step) => {
    const { failure } = await failureAt(step, (socket) => socket.destroy());
    expect(failure.reason).toBe('connection_lost');
  });
});

const refusals: Readonly<Record<Step, readonly [temporary: MailReason, final: MailReason]>> = {
  greeting: ['provider_unavailable', 'provider_unavailable'],
  EHLO: ['provider_unavailable', 'provider_unavailable'],
  AUTH: ['provider_unavailable', 'authentication'],
  'MAIL FROM': ['provider_unavailable', 'sender_refused'],
  'RCPT TO': ['greylisted', 'recipient_refused'],
  DATA: ['provider_unavailable', 'message_refused'],
  'end of DATA': ['provider_unavailable', 'message_refused'],
};

describe.each(steps)('a refusal of %s', (step) => {
  const [temporary, permanent] = refusals[step];
  test.each([
    [421, 'provider_unavailable'],
    [450, temporary],
    [550, permanent],
    [554, permanent],
  ] as const)('with %d is %s', async (code, reason) => {
    const text = `${code} no: ada@recipient.example https://spam.example/token`;
    const { failure } = await failureAt(step, (socket) => socket.write(`${text}\r\n`));
    expect(failure.reason).toBe(reason);
    expect(failure.response ?? '').not.toMatch(/ada@|spam\.example|secret-word/);
    // Whatever a new configuration of the operator could cure is retried.
    const isCured = !['recipient_refused', 'message_refused'].includes(reason);
    expect(isFinal(reason)).toBe(!isCured);
  });
});

test('a server without STARTTLS on the internet is refused before the password is sent', async () => {
  const lines: string[] = [];
  const { port } = await startScriptedServer('AUTH', () => lines.push('AUTH'));
  const transport = transportTo(port, { requireTls: true });
  const sending = transport.send(mail, AbortSignal.timeout(10_000));
  await expect(sending).rejects.toMatchObject({ reason: 'tls' });
  expect(lines).toEqual([]);
});

test('a server that wants credentials before MAIL FROM', async () => {
  const { failure } = await failureAt('MAIL FROM', (socket) =>
    socket.write('530 log in first\r\n'),
  );
  expect(failure.reason).toBe('authentication');
});
