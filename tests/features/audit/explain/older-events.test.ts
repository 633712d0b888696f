/** What a story leaves out is announced, with the options that show it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeOlder } from '../../../../src/features/audit/explain/older-events.js';
import { adminEnv, newOperator } from '../../../support/operators.js';
import { Browser, explain } from '../../../support/explain.js';
import { startTestService, type TestService } from '../../../support/test-service.js';

const dayMs = 86_400_000;
let service: TestService;
let user: Browser;
let id: string;

beforeAll(async () => {
  service = await startTestService({ env: adminEnv });
});
afterAll(() => service.stop());
beforeEach(async () => {
  user = new Browser(service);
  await user.signUp();
  const rows = await service.database.query<{ id: string }>(
    'select id from "user" where email = $1',
    [user.email],
  );
  id = rows[0]?.id ?? '';
});

/** Wrong passwords in a row, the newest `daysAgo` days ago. The trail of a test has a partition for every time. */
async function addEvents(count: number, daysAgo: number): Promise<void> {
  await service.audit?.flush();
  await service.database.query(
    `insert into audit_event (id, at, kind, outcome, reason, actor, user_id)
     select gen_random_uuid()::text, now() - make_interval(days => $1) - make_interval(secs => n),
       'sign_in', 'refused', 'wrong_password', 'user', $2 from generate_series(1, $3) n`,
    [daysAgo, id, count],
  );
}

const story = (options: { limit?: number; days?: number } = {}) =>
  explain(
    service,
    { email: user.email },
    {
      limit: options.limit,
      since: options.days === undefined ? undefined : new Date(Date.now() - options.days * dayMs),
    },
  );

test('a whole story leaves nothing out', async () => {
  expect((await story()).older).toBeNull();
});

test('lines beyond --limit are counted, and that limit shows them', async () => {
  await addEvents(30, 0);
  const { events, older } = await story({ limit: 10 });
  expect(events).toHaveLength(10);
  const all = (await story({ limit: 500 })).events.length;
  expect(older).toEqual({ count: all - 10, isAtLeast: false, limit: all, days: null });
  expect((await story({ limit: older?.limit ?? 0 })).older).toBeNull();
});

test('events before --days, or before the 90 days of the default, are counted, and those days show them', async () => {
  await addEvents(12, 5);
  await addEvents(3, 120);
  const recent = (await story({ days: 1 })).older;
  expect(recent).toEqual({ count: 15, isAtLeast: false, limit: null, days: 121 });
  expect((await story()).older).toMatchObject({ count: 3, days: 121 });
  expect((await story({ days: 121 })).older).toBeNull();
});

test('events beyond those that are read are counted, and a higher limit reads them', async () => {
  await addEvents(700, 0);
  const { events, older } = await story();
  expect(events).toHaveLength(200);
  const needed = older?.limit ?? 0;
  expect(older).toMatchObject({ isAtLeast: false, days: null, count: needed - 200 });
  expect(needed).toBeGreaterThan(700);
  const whole = await story({ limit: needed });
  expect(whole.events).toHaveLength(needed);
  expect(whole.older).toBeNull();
});

test('more than the trail is counted for are said to be more', async () => {
  await addEvents(12_000, 0);
  const { older } = await story({ limit: 10 });
  expect(older).toMatchObject({ isAtLeast: true, limit: 10_000 });
  expect(older?.count).toBeGreaterThanOrEqual(10_000);
  expect((await story({ limit: 10_000 })).older).toMatchObject({ isAtLeast: false, limit: null });
});

test('an address without an account, and nothing but old events', async () => {
  await addEvents(2, 200);
  await service.database.query(
    `delete from audit_event where user_id = $1 and at > now() - interval '100 days'`,
    [id],
  );
  const { older } = await explain(service, { id }, {});
  expect(older).toMatchObject({ count: 2, days: 201 });
  const nobody = await explain(service, { email: 'nobody-at-all@example.com' }, {});
  expect(nobody.older).toBeNull();
});

test.each([
  [
    { count: 12, isAtLeast: false, limit: 212, days: null },
    '12 older events are not shown: --limit 212',
  ],
  [
    { count: 1, isAtLeast: false, limit: null, days: 121 },
    '1 older event is not shown: --days 121',
  ],
  [
    { count: 10_000, isAtLeast: true, limit: 10_000, days: 400 },
    '10000 or more older events are not shown: --days 400 --limit 10000',
  ],
  [
    { count: 5, isAtLeast: false, limit: null, days: null },
    '5 older events are not shown: see the table audit_event',
  ],
] as const)('one line says it: %j', (older, line) => {
  expect(describeOlder(older)).toBe(line);
});

test('the console says it, shows as many as it can, and names the command for more', async () => {
  const operator = await newOperator(service);
  await addEvents(150, 0);
  await addEvents(3, 120);
  const page = await operator.ask(`/console/users/${id}`);
  const href = `/console/users/${id}?limit=500&amp;days=121`;
  expect(page.text).toMatch(/5\d older events are not shown\. <a href="[^"]*">Show them<\/a>/);
  expect(page.text).toContain(`<a href="${href}">`);
  const whole = await operator.ask(href.replace('&amp;', '&'));
  expect(whole.status).toBe(200);
  expect(whole.text).not.toContain('not shown');
  await addEvents(500, 0);
  const cut = await operator.ask(href.replace('&amp;', '&'));
  expect(cut.text).toMatch(
    new RegExp(
      `older events are not shown\\. They are printed by <code>npm run explain -- ${id} --days 121 --limit 6\\d\\d</code>`,
    ),
  );
  expect((await operator.ask(`/console/users/${id}?limit=0`)).status).toBe(400);
});
