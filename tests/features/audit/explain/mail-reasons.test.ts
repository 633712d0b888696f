/** Stories of mails that do not arrive: one for each way in which a mail server or this service fails. */
import { createServer, type AddressInfo } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Browser, expectReason } from '../../../support/explain.js';
import { reply, startMailServer, type MailServer } from '../../../support/mail-server.js';
import { startMailingService, type MailingService } from '../../../support/mailed-link.js';

type Step = 'onAuth' | 'onMailFrom' | 'onRcptTo' | 'onData';

let mailServer: MailServer;
let service: MailingService;
let user: Browser;
/** What the mail server refuses now, and with which code. */
let refused: { readonly step: Step; readonly code: number } | undefined;

const answerTo = (step: Step) => (refused?.step === step ? reply(refused.code, 'no') : null);

beforeAll(async () => {
  const options: SMTPServerOptions = {
    allowInsecureAuth: true,
    onAuth: (_auth, _session, done) => {
      done(answerTo('onAuth'), { user: 'a' });
    },
    onMailFrom: (_address, _session, done) => {
      done(answerTo('onMailFrom'));
    },
    onRcptTo: (_address, _session, done) => {
      done(answerTo('onRcptTo'));
    },
    onData: (stream, _session, done) => {
      stream.resume();
      stream.once('end', () => {
        done(answerTo('onData'));
      });
    },
  };
  mailServer = await startMailServer(options);
  service = await startMailingService({
    EMAIL_VERIFICATION: 'required',
    SMTP_URL: mailServer.url.replace('//', '//someone:word@'),
  });
});
afterAll(async () => {
  await service.stop();
  await mailServer.stop();
});
beforeEach(() => {
  refused = undefined;
});

const of = ({ email }: { readonly email: string }) => ({ email });

test.each([
  ['mail authentication', 'onAuth', 535],
  ['mail sender_refused', 'onMailFrom', 550],
  ['mail greylisted', 'onRcptTo', 450],
  ['mail rate_limited', 'onRcptTo', 452],
  ['mail provider_unavailable', 'onData', 451],
] as const)('%s', async (reason, step, code) => {
  refused = { step, code };
  user = new Browser(service);
  await user.signUp();
  await expectReason(service, reason, of(user));
});

/** A user of an instance whose mail server is another one, on the same database. */
async function behind(url: string, work: (other: MailingService) => Promise<void>) {
  const other = await startMailingService(
    { EMAIL_VERIFICATION: 'required', SMTP_URL: url },
    { testDatabase: service.database },
  );
  try {
    user = new Browser(other);
    await user.signUp();
    await work(other);
  } finally {
    await other.stop();
  }
}

test('mail connection_lost', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await behind(`smtp://127.0.0.1:${port}`, async (other) => {
    await expectReason(other, 'mail connection_lost', of(user));
  });
  await new Promise((resolve) => server.close(resolve));
});

/** Makes the mail of the user due, and waits for the attempt. */
async function sendAgain(change = '') {
  await service.database.query(
    `update mail_outbox set next_attempt_at = now() - interval '1 second' ${change}
     where user_id = (select id from "user" where email = $1)`,
    [user.email],
  );
  await service.mailer?.sendDue();
}

test('mail expired_unsent', async () => {
  refused = { step: 'onRcptTo', code: 450 };
  user = new Browser(service);
  await user.signUp();
  await expectReason(service, 'mail greylisted', of(user));
  await sendAgain(`, expires_at = now() - interval '1 second'`);
  await expectReason(service, 'mail expired_unsent', of(user));
});

test('mail undecryptable', async () => {
  refused = { step: 'onRcptTo', code: 450 };
  const other = await startMailingService(
    {
      EMAIL_VERIFICATION: 'required',
      SMTP_URL: mailServer.url,
      BETTER_AUTH_SECRET: 'another-secret-that-is-long-enough-0123456789',
    },
    { testDatabase: service.database },
  );
  try {
    user = new Browser(other);
    expect((await user.signUp()).status).toBe(200);
    await expectReason(other, 'mail greylisted', of(user));
  } finally {
    await other.stop();
  }
  await sendAgain();
  await expectReason(service, 'mail undecryptable', of(user));
});
