/** --probe-mail against a real deployment with a real SMTP server. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/test-database.js';
import { reply, startMailServer, type MailServer } from '../../../tests/support/mail-server.js';
import type { DoctorContext } from '../src/doctor-context.js';
import { startDeployment, type Deployment } from './support/deployment.js';

const diagnosticsToken = 'a-diagnostics-token-of-more-than-32-characters';
const address = 'operator@recipient.example';
const realWait: Partial<DoctorContext> = { wait: (seconds) => delay(seconds * 500) };

const mailEnvironment = (url = mailServer.url) => ({
  DIAGNOSTICS_TOKEN: diagnosticsToken,
  SMTP_URL: url,
  MAIL_FROM: 'auth@acme.com',
});

let testDatabase: TestDatabase;
let mailServer: MailServer;
let deployment: Deployment;
let onRcptTo: () => Error | null = () => null;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  mailServer = await startMailServer({ onRcptTo: (_to, _session, done) => done(onRcptTo()) });
  deployment = await startDeployment({
    testDatabase,
    env: mailEnvironment(),
  });
  const { service, target } = deployment;
  const response = await fetch(`${service.url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: target.origins[0] ?? '' },
    body: JSON.stringify({ name: 'Operator', email: address, password: 'correct horse battery' }),
  });
  expect(response.status).toBe(200);
});
afterEach(async () => {
  onRcptTo = () => null;
  deployment.proxy.faults = {};
  mailServer.mails.length = 0;
  await testDatabase.query('delete from mail_outbox');
  await testDatabase.query('delete from rate_limit');
});
afterAll(async () => {
  await deployment.stop();
  await mailServer.stop();
  await testDatabase.drop();
});

/** The section of mails, as `status CODE`. */
async function mailFindings(of: Deployment, changes: Partial<DoctorContext>) {
  const findings = await of.diagnose({ ...realWait, probeMail: address, ...changes });
  const mails = findings.filter(({ section }) => section === 'Mail');
  return { mails, codes: mails.map(({ status, code }) => `${status} ${code}`) };
}

test('a mail that the transport accepts is reported, and really sent', async () => {
  const { codes } = await mailFindings(deployment, { diagnosticsToken });
  expect(codes).toContain('ok MAIL_SENT');
  expect(mailServer.mails.map(({ to }) => to)).toMatchObject([{ text: address }]);
});

test('the domain of the sender is known from the report', async () => {
  const { codes } = await mailFindings(deployment, {
    diagnosticsToken,
    lookupTxt: (name) => Promise.resolve(name === '_dmarc.acme.com' ? ['v=DMARC1; p=reject'] : []),
  });
  expect(codes).toContain('ok DMARC');
  expect(codes).toContain('warn SPF_MISSING');
});

test('a refused mail is a fault with its reason and fix', async () => {
  onRcptTo = () => reply(550, 'no such user');
  const { mails } = await mailFindings(deployment, { diagnosticsToken });
  const finding = mails.find(({ code }) => code === 'MAIL_NOT_SENT');
  expect(finding?.message).toBe(`the mail to ${address} was not sent: recipient_refused`);
  expect(finding?.impact).toContain('refused the address');
});

test('an address without an account gets no mail, and the report says so', async () => {
  const probeMail = 'unknown@recipient.example';
  const { codes } = await mailFindings(deployment, { diagnosticsToken, probeMail });
  expect(codes).toContain('unknown MAIL_WITHOUT_ACCOUNT');
  expect(mailServer.mails).toEqual([]);
});

test('the fourth mail in ten minutes is not sent, and the report says so', async () => {
  for (let count = 0; count < 3; count += 1) {
    const { codes } = await mailFindings(deployment, { diagnosticsToken });
    expect(codes).toContain('ok MAIL_SENT');
    await testDatabase.query(`delete from rate_limit where key not like 'mail|%'`);
  }
  const { codes } = await mailFindings(deployment, { diagnosticsToken });
  expect(codes).toContain('unknown MAIL_PROBE_LIMITED');
});

test('without the token the result is unknown, and the mail is sent nevertheless', async () => {
  const { codes } = await mailFindings(deployment, {});
  expect(codes).toEqual(['unknown MAIL_RESULT_UNKNOWN', 'unknown SENDER_DOMAIN_UNKNOWN']);
  while (mailServer.mails.length === 0) await delay(20);
});

test('without --probe-mail no mail is requested', async () => {
  const { codes } = await mailFindings(deployment, { diagnosticsToken, probeMail: undefined });
  expect(codes).toEqual(['ok OUTBOX']);
  expect(await testDatabase.query('select * from mail_outbox')).toEqual([]);
});

test('--mail-from checks the domain without a mail', async () => {
  const { codes } = await mailFindings(deployment, { probeMail: undefined, mailFrom: 'acme.com' });
  expect(codes).toEqual(['warn SPF_MISSING', 'unknown DKIM_NOT_FOUND', 'warn DMARC_MISSING']);
});

test('failures of the last day are warnings by reason', async () => {
  await testDatabase.query(`
    insert into mail_outbox (id, template, state, reason, expires_at, created_at)
    select 'old-' || n, 'reset-password', 'failed', 'message_refused', now(), now()
    from generate_series(1, 4) as n`);
  // Not the deployment of the other tests, which caches its report for a second.
  const fresh = await startDeployment({ testDatabase, env: mailEnvironment() });
  const { mails } = await mailFindings(fresh, { diagnosticsToken, probeMail: undefined });
  await fresh.stop();
  expect(mails).toMatchObject([
    {
      status: 'warn',
      code: 'MAILS_NOT_SENT',
      message: '4 of 4 mails of the last day ended with message_refused',
    },
  ]);
});

describe('a result that cannot be found out', () => {
  type Json = Record<string, unknown>;
  const path = '/api/auth/request-password-reset';

  /** The proxy changes the service's response to a path, and the request's id. */
  const answer = (url: string, status: number, change: (body: Json) => Json) => {
    deployment.proxy.faults = {
      respond(req, res) {
        if (req.url !== url) return false;
        void fetch(`${deployment.service.url}${url}`, {
          headers: { 'x-diagnostics-token': diagnosticsToken },
        })
          .then((response) => response.json())
          .then((body) => {
            res.writeHead(status, { 'content-type': 'application/json' });
            res.end(JSON.stringify(change(body as Json)));
          });
        return true;
      },
      response(headers, req) {
        if (req.url === path) headers['x-request-id'] = 'probe-1';
      },
    };
  };
  /** Replaces the newest mails in the report. */
  const withRecent = (recent: object[]) => (body: Json) => ({
    ...body,
    mail: { senderDomain: 'acme.com', outbox: [], recent },
  });
  const noWait: Partial<DoctorContext> = { wait: () => Promise.resolve() };

  test('because the service refuses the request', async () => {
    answer(path, 500, () => ({ code: 'INTERNAL_ERROR', message: 'no' }));
    const { mails } = await mailFindings(deployment, { diagnosticsToken });
    expect(mails.find(({ code }) => code === 'MAIL_REQUEST_FAILED')?.message).toBe(
      'request-password-reset responds 500 (INTERNAL_ERROR)',
    );
  });

  test('because the report does not list the mail', async () => {
    answer('/diagnostics', 200, withRecent([]));
    const { codes } = await mailFindings(deployment, { diagnosticsToken, ...noWait });
    expect(codes).toContain('unknown MAIL_NOT_REPORTED');
  });

  test('because the first attempt has not ended', async () => {
    const recent = [{ requestId: 'probe-1', state: 'pending', reason: null, attempts: 1 }];
    answer('/diagnostics', 200, withRecent(recent));
    const { codes } = await mailFindings(deployment, { diagnosticsToken, ...noWait });
    expect(codes).toContain('unknown MAIL_PENDING');
  });

  test('because no origin is trusted', async () => {
    const elsewhere = await startDeployment({
      testDatabase,
      env: { ...mailEnvironment(), BETTER_AUTH_URL: 'http://127.0.0.1:9' },
    });
    const origins = ['https://other.example'];
    const { codes } = await mailFindings(elsewhere, { diagnosticsToken, origins });
    await elsewhere.stop();
    expect(codes).toContain('unknown MAIL_PROBE_SKIPPED');
    expect(mailServer.mails).toEqual([]);
  });
});

describe('a deployment that cannot send', () => {
  test('without a transport is a fault', async () => {
    const silent = await startDeployment({ testDatabase });
    const { codes } = await mailFindings(silent, {});
    await silent.stop();
    expect(codes).toEqual(['fail MAIL_OFF', 'unknown SENDER_DOMAIN_UNKNOWN']);
  });

  test('because its mail server is down names the reason', async () => {
    const broken = await startDeployment({
      testDatabase,
      env: mailEnvironment('smtp://127.0.0.1:1'),
    });
    const { mails } = await mailFindings(broken, { diagnosticsToken });
    await broken.stop();
    const finding = mails.find(({ code }) => code === 'MAIL_NOT_SENT');
    expect(finding).toMatchObject({
      status: 'fail',
      message: `the mail to ${address} was not sent yet: connection_refused`,
    });
  });
});
