/** A process that is killed at any step of a mail, or that stops: no mail is lost, and none holds up a response or the exit. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connectOnce } from '../../../src/db/client.js';
import { graceMs } from '../../../src/graceful-shutdown.js';
import { reply, startMailServer, type MailServer } from '../../support/mail-server.js';
import { MailVisitor } from '../../support/mailed-link.js';
import { spawnSource, type Spawned } from '../../support/spawned.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { testEnvironment } from '../../support/test-service.js';
import { until } from '../../support/until.js';

let testDatabase: TestDatabase;
let mailServer: MailServer;
let onMailFrom: () => Error | null = () => null;
const processes: Spawned[] = [];
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  mailServer = await startMailServer({
    onMailFrom: (_address, _session, done) => done(onMailFrom()),
  });
});
afterEach(async () => {
  for (const each of processes.splice(0)) {
    each.signal('SIGKILL');
    await each.exit;
  }
  await testDatabase.query('delete from mail_outbox');
  mailServer.mails.length = 0;
  onMailFrom = () => null;
});
afterAll(async () => {
  await mailServer.stop();
  await testDatabase.drop();
});

async function start(smtpUrl = mailServer.url) {
  const running = spawnSource('server.ts', {
    ...testEnvironment,
    DATABASE_URL: testDatabase.url,
    PORT: '0',
    SMTP_URL: smtpUrl,
    MAIL_FROM: 'auth@example.com',
  });
  processes.push(running);
  await running.printed('"msg":"listening"');
  const port = /"port":(\d+)/.exec(running.stdout())?.[1] ?? '';
  const url = `http://127.0.0.1:${port}`;
  return { running, url, visitor: new MailVisitor({ url }) };
}

/** Signs up and asks for a new password, which writes a mail. */
async function requestMail({ visitor }: { readonly visitor: MailVisitor }): Promise<void> {
  expect((await visitor.signUp()).status).toBe(200);
  const body = { email: visitor.email };
  expect((await visitor.ask('/api/auth/request-password-reset', { body })).status).toBe(200);
}

async function kill({ running }: { readonly running: Spawned }): Promise<void> {
  running.signal('SIGKILL');
  await running.exit;
}

const rows = () => testDatabase.query('select * from mail_outbox');
/** As if a claim or a pause had passed. */
const letTimePass = () =>
  testDatabase.query('update mail_outbox set next_attempt_at = now() where state = $1', [
    'pending',
  ]);

/**
 * Lets the updates of the outbox that match `condition` wait, as if the process were slow there.
 * @returns waits until one does; and takes back what it would have changed, as the database does when its client dies
 */
async function holdUpdates(condition: string) {
  const holder = await connectOnce(testDatabase.url);
  await holder.query('select pg_advisory_lock(4711)');
  await holder.query(`
    create function hold() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock(4711); return new; end $$;
    create trigger hold before update on mail_outbox for each row when (${condition}) execute function hold()`);
  const waiting = `select pid from pg_locks where locktype = 'advisory' and not granted`;
  return {
    untilHeld: () => until(async () => (await testDatabase.query(waiting)).length > 0),
    async release() {
      await testDatabase.query(`select pg_terminate_backend(pid) from (${waiting}) as held`);
      await holder.query('select pg_advisory_unlock(4711)');
      await holder.query('drop function hold cascade');
      await holder.end();
    },
  };
}

describe('kill -9', { timeout: 120_000 }, () => {
  test('after the insert, before the mail is claimed: another process sends it once', async () => {
    const updates = await holdUpdates('new.attempts > old.attempts');
    const first = await start();
    await requestMail(first);
    await updates.untilHeld();
    await kill(first);
    await updates.release();
    expect(await rows()).toMatchObject([{ state: 'pending', attempts: 0 }]);
    expect(mailServer.mails).toHaveLength(0);
    await start();
    await until(async () => (await rows())[0]?.state === 'sent');
    expect(mailServer.mails).toHaveLength(1);
  });

  test('while the mail is being sent: another process sends it once', async () => {
    let sending: () => void = () => undefined;
    const isSending = new Promise<void>((resolve) => (sending = resolve));
    const hanging = createServer((socket) => {
      socket.on('error', () => undefined);
      sending();
    });
    await once(hanging.listen(0, '127.0.0.1'), 'listening');
    const first = await start(`smtp://127.0.0.1:${(hanging.address() as AddressInfo).port}`);
    await requestMail(first);
    await isSending;
    await until(async () => (await rows())[0]?.attempts === 1);
    await kill(first);
    hanging.close();
    await letTimePass();
    await start();
    await until(async () => (await rows())[0]?.state === 'sent');
    expect(mailServer.mails).toHaveLength(1);
  });

  test('after the mail was sent, before that is recorded: the repetition has the same Message-ID', async () => {
    const updates = await holdUpdates(`new.state = 'sent'`);
    const first = await start();
    await requestMail(first);
    await updates.untilHeld();
    await kill(first);
    await updates.release();
    expect(mailServer.mails).toHaveLength(1);
    expect(await rows()).toMatchObject([{ state: 'pending', attempts: 1 }]);
    await letTimePass();
    await start();
    await until(async () => (await rows())[0]?.state === 'sent');
    const [row] = await rows();
    expect(mailServer.mails.map(({ messageId }) => messageId)).toEqual(
      Array(2).fill(`<${String(row?.id)}@example.com>`),
    );
  });

  test('during the pause before a retry: another process sends it once', async () => {
    onMailFrom = () => reply(451, 'later');
    const first = await start();
    await requestMail(first);
    await until(async () => (await rows())[0]?.reason === 'provider_unavailable');
    await kill(first);
    onMailFrom = () => null;
    await letTimePass();
    await start();
    await until(async () => (await rows())[0]?.state === 'sent');
    expect(mailServer.mails).toHaveLength(1);
  });
});

test('two processes send each mail once', { timeout: 120_000 }, async () => {
  const both = [await start(), await start()];
  for (let count = 0; count < 6; count += 1) {
    for (const { url } of both) await requestMail({ visitor: new MailVisitor({ url }) });
  }
  await until(async () => (await rows()).every(({ state }) => state === 'sent'));
  const ids = mailServer.mails.map(({ messageId }) => messageId);
  expect(ids).toHaveLength(12);
  expect(new Set(ids).size).toBe(12);
});

test('a mail server that never speaks delays neither the response nor the exit', async () => {
  const sockets: Socket[] = [];
  const hanging = createServer((socket) => {
    socket.on('error', () => undefined);
    sockets.push(socket);
  });
  await once(hanging.listen(0, '127.0.0.1'), 'listening');
  const started = await start(`smtp://127.0.0.1:${(hanging.address() as AddressInfo).port}`);
  await requestMail(started);
  await until(() => sockets.some((socket) => !socket.destroyed));
  expect((await started.visitor.ask('/session')).status).toBe(200);
  const stoppedAt = performance.now();
  started.running.signal('SIGTERM');
  expect(await started.running.exit).toBe(0);
  expect(performance.now() - stoppedAt).toBeLessThan(graceMs);
  expect(await rows()).toMatchObject([{ state: 'pending' }]);
  hanging.close();
}, 120_000);
