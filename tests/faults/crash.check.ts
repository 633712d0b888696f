/**
 * The server is killed with SIGKILL at random moments while it answers changes and writes events, mails and webhooks.
 * Nothing is lost, and nothing is sent twice without its id.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { MailVisitor } from '../support/mailed-link.js';
import { until } from '../support/until.js';
import type { Answer, Visitor } from '../support/visitor.js';
import { startSystem, webhookSecret, type Server, type System } from './system.js';

const kills = 8;
const clients = 6;
/** A process is killed after it has answered so many changes, and some milliseconds. */
const answersBeforeKill = () => 8 + Math.floor(Math.random() * 40);
const maxDelayMs = 30;

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

/** A change that was answered with success. */
interface Change {
  readonly kind: string;
  readonly requestId: string;
  /** Whether it also writes a mail. */
  readonly isMail: boolean;
}

/** What a visitor does, in this order; each step answers 200. */
const steps: readonly {
  readonly kind: string;
  readonly ask: (visitor: Visitor) => Promise<Answer>;
}[] = [
  { kind: 'sign_up', ask: (visitor) => visitor.signUp() },
  {
    kind: 'profile_change',
    ask: (visitor) => visitor.ask('/api/auth/update-user', { body: { name: 'Edited' } }),
  },
  {
    kind: 'mail',
    ask: (visitor) =>
      visitor.ask('/api/auth/request-password-reset', { body: { email: visitor.email } }),
  },
  { kind: 'sign_out', ask: (visitor) => visitor.signOut() },
  { kind: 'sign_in', ask: (visitor) => visitor.signIn() },
];

/** Lets visitors come until the process is dead. @returns what it has answered with success, and the number of all requests */
async function useUntilKilled({ url, process }: Server) {
  const changes: Change[] = [];
  let asked = 0;
  let isKilled = false;
  const enough = answersBeforeKill();
  const client = async () => {
    while (!isKilled) {
      const visitor = new MailVisitor({ url });
      for (const { kind, ask } of steps) {
        asked += 1;
        const answer = await ask(visitor).catch(() => undefined); // killed before it answered
        if (answer === undefined) return;
        if (answer.status === 503) break; // too busy, and says so
        expect(answer.status, `${kind}: ${answer.text}`).toBe(200);
        const requestId = answer.headers.get('x-request-id') ?? '';
        changes.push({ kind, requestId, isMail: kind === 'mail' });
      }
    }
  };
  const working = Promise.all(Array.from({ length: clients }, client));
  await until(() => changes.length >= enough);
  await sleep(Math.random() * maxDelayMs);
  process.signal('SIGKILL');
  await process.exit;
  isKilled = true;
  await working;
  return { changes, asked };
}

/** As if a claim or a pause had passed. */
async function letTimePass(): Promise<void> {
  for (const table of ['mail_outbox', 'webhook_delivery']) {
    await system.cluster.query(
      `update ${table} set next_attempt_at = now() where next_attempt_at is not null`,
    );
  }
}

async function isAllSent(): Promise<boolean> {
  const pending = await system.cluster.query(
    `select from mail_outbox where next_attempt_at is not null
     union all select from webhook_delivery where next_attempt_at is not null`,
  );
  return pending.length === 0;
}

test(`after ${kills} kills no event, mail or webhook is missing, and repeated ones have their id`, async () => {
  const changes: Change[] = [];
  let asked = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const used = await useUntilKilled(await system.start());
    changes.push(...used.changes);
    asked += used.asked;
  }
  expect(changes.length).toBeLessThan(asked); // some were killed in the middle
  await letTimePass();
  const last = await system.start();
  await until(isAllSent);
  await last.process.stop();
  await expectEvents(changes);
  await expectMails(changes.filter(({ isMail }) => isMail));
  await expectWebhooks();
}, 180_000);

/** Each change has its event, and each of its kinds exactly one. */
async function expectEvents(changes: readonly Change[]): Promise<void> {
  const events = await system.cluster.query<{ request_id: string; kind: string }>(
    `select request_id, kind from audit_event where outcome = 'success' and kind <> 'mail'`,
  );
  const kinds = groupBy(events, ({ request_id: id }) => id);
  const recorded = changes.filter(({ isMail }) => !isMail);
  const wrong = recorded.filter(({ kind, requestId }) => {
    const own = (kinds.get(requestId) ?? []).filter((event) => event.kind === kind);
    return own.length !== 1;
  });
  expect(wrong).toEqual([]);
}

/** Each request for a mail has one row, which arrived at least once, always with the same Message-ID. */
async function expectMails(changes: readonly Change[]): Promise<void> {
  const rows = await system.cluster.query<{ id: string; request_id: string; state: string }>(
    'select id, request_id, state from mail_outbox',
  );
  expect(rows.filter(({ state }) => state !== 'sent')).toEqual([]);
  const written = new Map(rows.map(({ id, request_id: requestId }) => [requestId, id]));
  expect(written.size).toBe(rows.length);
  const arrived = new Set(system.mailServer.mails.map(({ messageId }) => messageId));
  expect(changes.filter(({ requestId }) => !written.has(requestId))).toEqual([]);
  // Nothing arrived that was not written, such as a mail with a new id for a second attempt.
  expect([...arrived].sort()).toEqual(rows.map(({ id }) => `<${id}@example.com>`).sort());
}

/** Each event arrived at least once, in the order of each user; a repeated one is the same. */
async function expectWebhooks(): Promise<void> {
  const { received } = system.webhookReceiver;
  const webhook = new Webhook(webhookSecret);
  const bodies = new Map<unknown, string>();
  const order = new Map<string | null, unknown[]>();
  for (const { headers, body, userId } of received) {
    webhook.verify(body, headers as Record<string, string>);
    const id = headers['webhook-id'];
    const known = bodies.get(id);
    if (known === undefined) {
      bodies.set(id, body);
      order.set(userId, [...(order.get(userId) ?? []), id]);
    } else expect(body).toBe(known);
  }
  const rows = await system.cluster.query<{ event_id: string; user_id: string; state: string }>(
    'select event_id, user_id, state from webhook_delivery order by sequence',
  );
  expect(rows.filter(({ state }) => state !== 'sent')).toEqual([]);
  expect([...bodies.keys()].sort()).toEqual(rows.map(({ event_id: id }) => id).sort());
  for (const [userId, own] of groupBy(rows, ({ user_id: id }) => id)) {
    expect(order.get(userId), `the events of ${userId}`).toEqual(own.map(({ event_id: id }) => id));
  }
  // Every event that is sent has its delivery: both are written in one transaction.
  const missing = await system.cluster.query(
    `select id from audit_event
     where outcome = 'success' and kind in ('sign_up', 'profile_change', 'sign_out', 'sign_in')
       and not exists (select from webhook_delivery where event_id = audit_event.id::text)`,
  );
  expect(missing).toEqual([]);
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
