/** A process that is killed at any moment: each success that a client was told of is in the trail, and nothing is there twice. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spawnSource } from '../../support/spawned.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { testEnvironment } from '../../support/test-service.js';
import { Visitor, type Answer } from '../../support/visitor.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const rounds = 5;
const visitorsAtOnce = 6;

interface Success {
  readonly requestId: string | null;
  readonly kind: string;
}

/** Signs up and changes the account until the service goes away. */
async function useService(url: string, successes: Success[]): Promise<void> {
  async function step(kind: string, ask: () => Promise<Answer>): Promise<void> {
    const answer = await ask();
    if (answer.status !== 200) throw new Error(`${kind}: ${answer.status} ${answer.text}`);
    successes.push({ requestId: answer.headers.get('x-request-id'), kind });
  }
  for (;;) {
    const visitor = new Visitor({ url });
    await step('sign_up', () => visitor.signUp());
    await step('profile_change', () =>
      visitor.ask('/api/auth/update-user', { body: { name: 'Another' } }),
    );
    await step('step_up', () =>
      visitor.ask('/api/auth/step-up', { body: { password: visitor.password } }),
    );
    await step('sign_out', () => visitor.signOut());
    await step('sign_in', () => visitor.signIn());
  }
}

async function runUntilKilled(successes: Success[]): Promise<void> {
  const running = spawnSource('server.ts', {
    ...testEnvironment,
    DATABASE_URL: database.url,
    PORT: '0',
    RATE_LIMIT_PER_ADDRESS: '10000/1m',
    RATE_LIMIT_SIGN_IN_PER_ADDRESS: '10000/1m',
  });
  await running.printed('"msg":"listening"');
  const port = /"port":(\d+)/.exec(running.stdout())?.[1] ?? '';
  const url = `http://127.0.0.1:${port}`;
  const before = successes.length;
  const using = Array.from({ length: visitorsAtOnce }, () =>
    // The connection breaks when the process is killed; anything else is a fault.
    useService(url, successes).catch((error: unknown) => {
      if (!(error instanceof TypeError)) throw error;
    }),
  );
  const deadline = performance.now() + 15_000;
  while (successes.length < before + 5 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
  running.signal('SIGKILL');
  await running.exit;
  await Promise.all(using);
}

test(
  'no success is missing after SIGKILL, no event is there twice, and none is of a change that was not made',
  { timeout: 180_000 },
  async () => {
    const successes: Success[] = [];
    for (let round = 0; round < rounds; round += 1) await runUntilKilled(successes);
    expect(successes.length).toBeGreaterThanOrEqual(rounds * 5);
    const events = await database.query<{ request_id: string; kind: string; count: number }>(
      `select request_id, kind, count(*)::int as count from audit_event
       where outcome = 'success' and request_id is not null group by 1, 2`,
    );
    const stored = new Set(events.map(({ request_id, kind }) => `${request_id} ${kind}`));
    const missing = successes.filter(({ requestId, kind }) => !stored.has(`${requestId} ${kind}`));
    expect(missing).toEqual([]);
    expect(events.filter(({ count }) => count > 1)).toEqual([]);
    // A user without an event, or an event without its user.
    const halves = await database.query(
      `select u.id, e.user_id from "user" u
       full join (select user_id from audit_event where kind = 'sign_up') e on e.user_id = u.id
       where u.id is null or e.user_id is null`,
    );
    expect(halves).toEqual([]);
  },
);
