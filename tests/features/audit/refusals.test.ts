/** Whatever part of the pipeline refuses a request, or cannot answer it, one event has the reason. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditEvent, storedEvents, type StoredEvent } from '../../support/audit-events.js';
import { everyFeatureOn } from '../../support/every-feature.js';
import { createFaultyNetwork, type FaultyNetwork } from '../../support/faulty-network.js';
import { MailVisitor } from '../../support/mailed-link.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { until } from '../../support/until.js';
import { Visitor, type Answer } from '../../support/visitor.js';

const signUp = '/api/auth/sign-up/email';

const idOf = ({ headers }: Answer) => headers.get('x-request-id');

describe('with every database request answered', () => {
  let service: TestService;
  beforeAll(async () => {
    const { BREACHED_PASSWORDS, PWNED_LIST } = everyFeatureOn;
    service = await startTestService({
      env: {
        BREACHED_PASSWORDS,
        PWNED_LIST,
        CAPTCHA: 'altcha',
        RATE_LIMIT_SIGN_IN_PER_ADDRESS: '4/10m',
      },
    });
  });
  afterAll(() => service.stop());

  async function eventsOf(answer: Answer): Promise<StoredEvent[]> {
    // Queued after the event of the request.
    const marker = await new Visitor(service).ask('/api/auth/verify-password', { body: {} });
    await auditEvent(service, ({ request_id }) => request_id === idOf(marker));
    return (await storedEvents(service)).filter(({ request_id }) => request_id === idOf(answer));
  }

  test('whatever pages a visitor invents, an hour has a bounded number of events', async () => {
    const check = { kind: 'session_check', outcome: 'refused', reason: 'a_flood' } as const;
    const client = { address: '192.0.2.7', userAgent: 'Mozilla/5.0 (X11; Linux) Firefox/153.0' };
    for (let n = 0; n < 2_400; n += 1) {
      const origin = `https://p${n}.example`;
      service.audit?.noteRepeatable({ ...check, client: { ...client, origin } });
      if (n % 400 === 0) await service.audit?.flush();
    }
    const all = (await storedEvents(service)).filter(({ reason }) => reason === 'a_flood');
    expect(all.length).toBeLessThanOrEqual(2_000 + 20 + 1);
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(2_400);
    const collected = all.find(({ site, count }) => site === null && count > 1);
    expect(collected).toMatchObject({ network: null, device: null });
    expect(all[0]).toMatchObject({ network: '192.0.2.0/24', device: 'Firefox (Linux)' });
    // Its own page is none of the invented ones.
    const origin = 'http://localhost:3000';
    service.audit?.noteRepeatable({ ...check, client: { ...client, origin } });
    await auditEvent(service, ({ reason, site }) => reason === 'a_flood' && site === origin);
  });

  test('whatever pages the owner of an ended session invents, an hour has a bounded number of events', async () => {
    const other = await startTestService();
    try {
      const visitor = new Visitor(other);
      await visitor.signUp();
      const cookie = visitor.cookieHeader;
      await visitor.signOut();
      for (let n = 0; n < 150; n += 1) {
        const origin = `https://p${n}.example`;
        await new Visitor(other).ask('/api/auth/get-session', { origin, headers: { cookie } });
      }
      await new Visitor(other).ask('/api/auth/get-session', { headers: { cookie } });
      const checks = await until(async () => {
        const all = await storedEvents(other);
        const own = all.filter(({ kind }) => kind === 'session_check');
        return own.reduce((sum, { count }) => sum + count, 0) === 151 && own;
      });
      expect(checks.filter(({ session }) => session === null)).toEqual([]);
      expect(checks).toHaveLength(102);
      expect(checks.filter(({ count }) => count > 1)).toEqual([
        expect.objectContaining({ count: 50, device: null, network: null, site: null }),
      ]);
      expect(checks.map(({ site }) => site)).toContain('http://localhost:3000');
    } finally {
      await other.stop();
    }
  });

  const newUser = (password: string) => ({ name: 'A', email: 'new@example.com', password });

  test.each<[string, number, string, string, () => Promise<Answer>]>([
    [
      'a page of another origin',
      403,
      'sign_in',
      'invalid_origin',
      () =>
        new Visitor(service).ask('/api/auth/sign-in/email', {
          body: { email: 'new@example.com', password: 'any-password' },
          origin: 'https://other.example',
        }),
    ],
    [
      'a body that is too large',
      413,
      'sign_up',
      'body_too_large',
      () => new Visitor(service).ask(signUp, { body: { name: 'x'.repeat(300_000) } }),
    ],
    [
      'a body of another type',
      415,
      'profile_change',
      'unsupported_media_type',
      () =>
        new Visitor(service).ask('/api/auth/update-user', {
          body: 'name=A',
          headers: { 'content-type': 'text/plain' },
        }),
    ],
    [
      'a body that is no JSON',
      400,
      'sign_up',
      'invalid_request',
      () => new Visitor(service).ask(signUp, { body: '{' }),
    ],
    [
      'a common password',
      400,
      'sign_up',
      'password_too_common',
      () => new Visitor(service).ask(signUp, { body: newUser('password1') }),
    ],
    [
      'a breached password',
      400,
      'sign_up',
      'password_breached',
      () => new Visitor(service).ask(signUp, { body: newUser('breached-in-every-test') }),
    ],
    [
      'a limit that is half used up: a captcha is due',
      403,
      'sign_up',
      'captcha_required',
      async () => {
        const visitor = new MailVisitor(service);
        for (let times = 0; times < 2; times += 1) await visitor.ask(signUp, { body: {} });
        return visitor.signUp();
      },
    ],
    [
      'an endpoint without a kind of its own',
      401,
      'session_check',
      'no_credential',
      () => new Visitor(service).ask('/api/auth/list-sessions'),
    ],
  ])('%s', async (_what, status, kind, reason, ask) => {
    const answer = await ask();
    expect([answer.status, answer.text]).toEqual([status, expect.anything()]);
    const events = await eventsOf(answer);
    expect(
      events.map((event) => [event.kind, event.outcome, event.reason]),
      answer.text,
    ).toEqual([[kind, 'refused', reason]]);
  });

  test.each([
    ['an unknown path', '/api/auth/sign-in/telepathy', 'POST'],
    ['an odd method', '/api/auth/sign-in/email', 'PUT'],
    ['a GET of what is posted', '/api/auth/sign-in/email', 'GET'],
    ['a path outside of /api/auth', '/wp-login.php', 'POST'],
  ])('%s is no event', async (_what, path, method) => {
    const answer = await new Visitor(service).ask(path, { method });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await eventsOf(answer)).toEqual([]);
  });
});

describe('behind a network that fails', () => {
  let testDatabase: TestDatabase;
  let network: FaultyNetwork;
  let service: TestService;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    network = await createFaultyNetwork(testDatabase.url);
    service = await startTestService({
      testDatabase,
      env: { DATABASE_URL: network.url, RATE_LIMIT_SIGN_IN_PER_ADDRESS: '3/10m' },
    });
  });
  afterAll(async () => {
    await service.stop();
    await network.close();
    await testDatabase.drop();
  });

  test('a request over a limit has the reason which one', async () => {
    const visitor = new MailVisitor(service);
    let answer = await visitor.ask(signUp, { body: {} });
    for (let times = 0; times < 3; times += 1) answer = await visitor.ask(signUp, { body: {} });
    expect(answer.status).toBe(429);
    const event = await auditEvent(service, ({ request_id }) => request_id === idOf(answer));
    expect(event).toMatchObject({ kind: 'sign_up', outcome: 'refused', reason: 'limit_network' });
    const same = (await storedEvents(service)).filter((one) => one.request_id === idOf(answer));
    expect(same).toHaveLength(1);
  });

  test('requests have failed and were not refused, which is written once the database is back', async () => {
    const visitor = new Visitor(service);
    await visitor.signUp();
    await network.goDown();
    const answers = [await visitor.signIn(), await visitor.ask('/session')];
    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    await network.heal();
    for (const answer of answers) {
      const event = await auditEvent(
        service,
        ({ request_id, kind }) => request_id === idOf(answer) || kind === 'session_check',
      );
      expect([event.outcome, event.reason]).toEqual(['failed', 'database_unavailable']);
    }
    const refused = (await storedEvents(service)).filter(
      ({ outcome, kind }) => outcome === 'refused' && kind !== 'sign_up',
    );
    expect(refused).toEqual([]);
  });

  test('2,000 events wait; the oldest are dropped', async () => {
    await network.goDown();
    const written = (await testDatabase.query('select 1 from audit_event')).length;
    for (let number = 0; number < 2_100; number += 1) {
      service.audit?.note({ kind: 'request', outcome: 'success', details: { number } });
    }
    await service.audit?.flush();
    await network.heal();
    await service.audit?.flush();
    const events = await testDatabase.query<{ first: number; count: number }>(
      `select min((details ->> 'number')::int) as first, count(*)::int as count
       from audit_event where kind = 'request'`,
    );
    expect(events).toEqual([{ first: 100, count: 2_000 }]);
    expect((await testDatabase.query('select 1 from audit_event')).length).toBe(written + 2_000);
  });
});
