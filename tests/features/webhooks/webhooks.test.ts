/** Webhooks: what is sent, in which order, and what happens to a receiver that refuses. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { spawnSource } from '../../support/spawned.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';
import { startWebhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.js';
import { findingCodes } from '../../support/configuration.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
let receiver: WebhookReceiver;
let service: TestService;
let clockMs = 0;
const now = () => new Date(Date.now() + clockMs);
beforeEach(async () => {
  clockMs = 0;
  receiver = await startWebhookReceiver();
  service = await startTestService({
    now,
    env: { WEBHOOK_URLS: receiver.url, WEBHOOK_SECRET: secret },
  });
});
afterEach(async () => {
  await service.stop();
  receiver.close();
});

const sender = () => {
  const [outbox] = service.outboxes;
  if (outbox === undefined) throw new Error('nothing sends webhooks');
  return outbox;
};

interface Row {
  readonly [column: string]: unknown;
  readonly state: string;
  readonly reason: string | null;
  readonly attempts: number;
}

const rows = () => service.database.query<Row>('select * from webhook_delivery order by sequence');

test('a sign-up is two events, signed, without an e-mail address', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  const received = await receiver.waitFor(2);
  expect(received.map(({ type }) => type)).toEqual(['user.created', 'session.created']);
  const webhook = new Webhook(secret);
  for (const { body, headers } of received) {
    expect(() => webhook.verify(body, headers as Record<string, string>)).not.toThrow();
    expect(body).not.toContain(visitor.email);
    expect(body).not.toContain('A Visitor');
  }
  const [created, session] = received;
  expect(created?.headers['webhook-id']).not.toBe(session?.headers['webhook-id']);
  expect(created?.userId).toBe(session?.userId);
});

test('an event and its webhooks are written together or not at all', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  await service.database.query(`
    create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$;
    create trigger refuse before insert on webhook_delivery for each row execute function refuse()`);
  const answer = await visitor.ask('/api/auth/update-user', { body: { name: 'Another' } });
  expect(answer.status).toBe(503);
  const changes = `select from audit_event where kind = 'profile_change' and outcome = 'success'`;
  expect(await service.database.query(changes)).toEqual([]);
});

test('a refused sign-in is no webhook', async () => {
  await new Visitor(service).signIn();
  await service.audit?.flush();
  expect(await rows()).toEqual([]);
});

test.each([
  [500, 'refused'],
  [302, 'refused'],
  [404, 'refused'],
  ['drop', 'unreachable'],
] as const)('after the answer %s it is sent again, with the same id', async (answer, reason) => {
  receiver.answer = answer;
  await new Visitor(service).signUp();
  await receiver.waitFor(1);
  await expect.poll(async () => (await rows())[0]?.reason).toBe(reason);
  receiver.answer = 200;
  await sender().sendDue();
  expect(receiver.received).toHaveLength(1); // not before the pause has passed
  clockMs = 6_000;
  await sender().sendDue();
  const [first, second, third] = receiver.received;
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  expect(third?.type).toBe('session.created');
  expect((await rows()).map(({ state }) => state)).toEqual(['sent', 'sent']);
});

test('an event waits for the earlier one of its user, not for those of others', async () => {
  receiver.answer = 500;
  const first = new Visitor(service);
  await first.signUp();
  await receiver.waitFor(1);
  await expect.poll(async () => (await rows())[0]?.reason).toBe('refused');
  receiver.answer = 200;
  await new Visitor(service).signUp();
  await receiver.waitFor(3);
  const [refused, created, session] = receiver.received;
  expect(created?.userId).not.toBe(refused?.userId);
  expect([created?.type, session?.type]).toEqual(['user.created', 'session.created']);
  const states = async () => (await rows()).map(({ state }) => state);
  await expect.poll(states).toEqual(['pending', 'pending', 'sent', 'sent']);
});

test('a receiver that answers 410 gets nothing more of this event, and the next one is sent', async () => {
  receiver.answer = 410;
  await new Visitor(service).signUp();
  await expect
    .poll(async () => (await rows()).map(({ reason }) => reason))
    .toEqual(['gone', 'gone']);
  expect(await service.logLine(({ reason }) => reason === 'gone')).toMatchObject({
    level: 'error',
    msg: 'webhook not delivered',
    host: new URL(receiver.url).host,
    responseCode: 410,
    fix: expect.stringContaining('WEBHOOK_URLS') as string,
  });
});

test('after three days it has failed, and npm run webhooks -- replay sends it again', async () => {
  receiver.answer = 500;
  await new Visitor(service).signUp();
  await expect.poll(async () => (await rows())[0]?.reason).toBe('refused');
  clockMs = 3 * 86_400_000;
  await sender().sendDue();
  expect((await rows())[0]).toMatchObject({ state: 'failed', reason: 'expired', attempts: 2 });
  receiver.answer = 200;
  const id = receiver.received[0]?.headers['webhook-id'] as string;
  const command = spawnSource(
    'features/webhooks/replay-command.ts',
    { DATABASE_URL: service.database.url },
    ['replay', '--id', id],
  );
  expect(await command.exit).toBe(0);
  expect(command.stdout()).toBe('1 deliveries are due again\n');
  await sender().sendDue();
  expect((await rows())[0]).toMatchObject({ state: 'sent', reason: null });
  expect(receiver.received.filter(({ headers }) => headers['webhook-id'] === id)).toHaveLength(3);
});

test('a receiver that hangs delays no response and no other receiver', async () => {
  const hanging = await startWebhookReceiver();
  hanging.answer = 'hang';
  const both = await startTestService({
    env: { WEBHOOK_URLS: `${hanging.url}, ${receiver.url}`, WEBHOOK_SECRET: secret },
  });
  try {
    expect((await new Visitor(both).signUp()).status).toBe(200);
    await receiver.waitFor(1);
  } finally {
    hanging.close(); // ends the request that hangs
    await both.stop();
  }
});

test('several instances send each event once', async () => {
  const others = await Promise.all(
    [1, 2, 3].map(() =>
      startTestService({
        testDatabase: service.database,
        env: { WEBHOOK_URLS: receiver.url, WEBHOOK_SECRET: secret },
      }),
    ),
  );
  receiver.answer = 200;
  const visitors = Array.from({ length: 12 }, (_, at) => new Visitor(others[at % 3] ?? service));
  await Promise.all(visitors.map((visitor) => visitor.signUp()));
  const workers = others.flatMap(({ outboxes }) => outboxes);
  await Promise.all(workers.map((worker) => worker.sendDue()));
  await receiver.waitFor(24);
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids).size).toBe(24);
  expect(ids).toHaveLength(24);
  for (const other of others) await other.stop();
});

test('what is missing or wrong in the configuration is named', () => {
  const WEBHOOK_URLS = 'https://example.com/events';
  expect(findingCodes({ WEBHOOK_URLS })).toEqual(['error WEBHOOK_SECRET_MISSING WEBHOOK_SECRET']);
  expect(findingCodes({ WEBHOOK_SECRET: secret })).toEqual([
    'warn WEBHOOK_SECRET_UNUSED WEBHOOK_SECRET',
  ]);
  for (const url of [
    'http://example.com/',
    'example.com',
    'https://a:b@example.com/',
    `${WEBHOOK_URLS},`,
  ]) {
    expect(findingCodes({ WEBHOOK_URLS: url, WEBHOOK_SECRET: secret })).toEqual([
      'error WEBHOOK_URLS_INVALID WEBHOOK_URLS',
    ]);
  }
});

test('a deletion by the sweep and one by an operator are sent', async () => {
  const [swept, removed] = [new Visitor(service), new Visitor(service)];
  await swept.signUp();
  await removed.signUp();
  await receiver.waitFor(4);
  await service.database.query(
    `update "user" set delete_after = now() - interval '1 minute' where email = $1`,
    [swept.email],
  );
  const env = { DATABASE_URL: service.database.url, WEBHOOK_URLS: receiver.url };
  expect(await spawnSource('db/sweep-command.ts', env).exit).toBe(0);
  const removal = ['delete', removed.email, '--yes'];
  expect(await spawnSource('operator/user.ts', env, removal).exit).toBe(0);
  await sender().sendDue();
  const deletions = (await receiver.waitFor(6)).slice(4);
  expect(deletions.map(({ type }) => type)).toEqual(['user.deleted', 'user.deleted']);
  const [first] = deletions;
  expect(JSON.parse(first?.body ?? '')).toEqual({
    type: 'user.deleted',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    data: { userId: first?.userId, requestId: null, actor: 'system', details: {} },
  });
});

test('without the audit trail the start says that nothing is sent', async () => {
  const silent = await startTestService({
    env: { AUDIT: 'off', WEBHOOK_URLS: receiver.url, WEBHOOK_SECRET: secret },
  });
  try {
    await silent.logStartupReport();
    const line = await silent.logLine(({ code }) => code === 'WEBHOOKS_WITHOUT_AUDIT');
    expect(line).toMatchObject({ level: 'warn', variable: 'AUDIT' });
  } finally {
    await silent.stop();
  }
});
