/** The charts and the list of failing checks: what they count, and what they say if that takes too long. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reasonTable } from '../../../src/session/reasons.js';
import { adminEnv, newOperator, type OperatorBrowser } from '../../support/operators.js';
import { startTestService, type TestService } from '../../support/test-service.js';

const time = (text: string) => new Date(`${new Date().toISOString().slice(0, 10)}T${text}:00Z`);
const now = time('14:05');

let service: TestService;
let operator: OperatorBrowser;
beforeAll(async () => {
  service = await startTestService({ env: adminEnv, now: () => now });
  operator = await newOperator(service);
});
afterAll(() => service.stop());

/** A row with a count, as the trail writes it. */
async function addFolded(kind: string, outcome: string, at: Date, lastAt: Date): Promise<void> {
  await service.database.query(
    `insert into audit_event (id, at, first_at, last_at, kind, outcome, reason, actor, count, details)
     values ($1, $2, $2, $3, $4, $5, 'session_not_found', 'visitor', 7, '{"caller":"docs-api"}')`,
    [`${kind} ${lastAt.toISOString()}`, at, lastAt, kind, outcome],
  );
}

test('what is counted by the hour is found by when it happened last', async () => {
  await addFolded('session_check', 'refused', time('13:00'), time('13:59'));
  await addFolded('session_check', 'refused', time('13:00'), time('13:04'));
  const filter = 'hours=1&kind=session_check';
  const { json: counted } = await operator.admin(`/counts?${filter}&bucket=five_minutes`);
  expect(counted).toMatchObject({ counts: [{ count: 7, start: time('13:55').toISOString() }] });
  const { json: listed } = await operator.admin(`/events?${filter}`);
  expect(listed).toMatchObject({ events: [{ lastAt: time('13:59').toISOString() }] });
  const { json: failing } = await operator.admin('/failing-checks?hours=1');
  expect(failing).toMatchObject({ checks: [{ count: 7, lastAt: time('13:59').toISOString() }] });
  const { text } = await operator.ask('/console/checks?range=1h');
  for (const cell of ['docs-api', reasonTable.session_not_found.meaning]) {
    expect(text).toContain(`<td><bdi>${cell}</bdi></td>`);
  }
});

test('the search does not wait for the charts', async () => {
  const slow = await startTestService({ env: adminEnv, deadlineMs: 1_000 });
  try {
    const boss = await newOperator(slow);
    const client = await slow.pool.connect();
    try {
      await client.query('begin');
      await client.query('lock table audit_event in access exclusive mode');
      const { status, text, headers } = await boss.ask('/console?range=7d');
      expect(status).toBe(200);
      expect(text).toContain('role="search"');
      const requestId = headers.get('x-request-id');
      const lines = slow.logLines().filter(({ msg }) => msg === 'a chart cannot be drawn');
      expect(lines).toHaveLength(3);
      expect(lines[0]).toMatchObject({ requestId, range: '7d', cause: 'too_slow' });
      expect(text.match(/could not be counted in time\. Choose a shorter range/g)).toHaveLength(4);
    } finally {
      await client.query('rollback');
      client.release();
    }
    // The query that waited has ended since; another range is counted anew.
    expect((await boss.ask('/console?range=24h')).text).not.toContain('could not be counted');
  } finally {
    await slow.stop();
  }
});

test('a query that fails is in the log, and the page says what cannot be drawn and why', async () => {
  const broken = await startTestService({ env: adminEnv });
  try {
    const boss = await newOperator(broken);
    await broken.audit?.flush();
    await broken.database.query('alter table audit_event rename column last_at to lost_at');
    const { status, text, headers } = await boss.ask('/console');
    const requestId = headers.get('x-request-id') ?? '';
    expect(status).toBe(200);
    expect(text).toContain('role="search"');
    const why = 'This picture cannot be drawn now: the database did not count its events.';
    expect(text.split(why)).toHaveLength(5);
    expect(text).toContain(`<code>${requestId}</code>`);
    const lines = broken.logLines().filter(({ msg }) => msg === 'a chart cannot be drawn');
    expect(lines.map(({ chart }) => chart).sort()).toEqual(['mails', 'refused', 'signIns']);
    for (const line of lines) expect(line).toMatchObject({ requestId, cause: 'failed' });
    expect(JSON.stringify(lines)).toContain('last_at');
  } finally {
    await broken.stop();
  }
});

test('a chart is counted once in 30 seconds', async () => {
  await operator.ask('/console?range=24h');
  await addFolded('sign_in', 'success', time('12:00'), time('12:30'));
  expect((await operator.ask('/console?range=24h')).text).toContain('Sign-ins: 1<');
  expect((await operator.ask('/console?range=7d')).text).toContain('Sign-ins: 8<');
});

test('the chart of mails counts attempts, and says so', async () => {
  await addFolded('mail', 'success', time('12:00'), time('12:30'));
  await addFolded('mail', 'pending', time('12:00'), time('12:40'));
  const { text } = await operator.ask('/console?range=30d');
  for (const part of [
    'Attempts to send mail: 14<',
    '<bdi>sent</bdi>: 7',
    '<bdi>delayed</bdi>: 7',
  ]) {
    expect(text).toContain(part);
  }
  expect((await operator.ask('/console?range=1h')).text).toContain('No mail was due.');
});

test.each([
  ['1h', true],
  ['24h', true],
  ['7d', false],
  ['30d', false],
])('the failing checks of %s refresh by themselves: %s', async (range, isLive) => {
  const { text } = await operator.ask(`/console/checks?range=${range}`);
  expect([text.includes('<div data-live'), text.includes('id="pause"')]).toEqual([isLive, isLive]);
});
