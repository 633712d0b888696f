/** The console: who sees what, hostile text, the policy of its pages, and forms without a script. */
import { createHash } from 'node:crypto';
import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenFingerprint } from '../../../src/session/signed-token.js';
import { storedEvents } from '../../support/audit-events.js';
import { adminEnv, newOperator, OperatorBrowser } from '../../support/operators.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import type { AskOptions } from '../../support/visitor.js';

let service: TestService;
let operator: OperatorBrowser;
beforeAll(async () => {
  service = await startTestService({ env: { ...adminEnv, ADMIN_IMPERSONATION: 'on' } });
  operator = await newOperator(service);
});
afterAll(() => service.stop());

const form = (fields: Record<string, string> = {}): AskOptions => ({
  method: 'POST',
  body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});

async function newUser(): Promise<{ visitor: OperatorBrowser; id: string }> {
  const visitor = new OperatorBrowser(service);
  await visitor.signUp();
  return { visitor, id: await visitor.userId() };
}

describe('who sees what', () => {
  test.each([
    ['nobody', undefined, 401, 'name="password"'],
    ['a user', {}, 403, 'role admin'],
    ['an admin without a second factor', { role: 'admin' }, 401, 'data-step="stepUp"'],
  ] as const)(
    '%s sees how to go on, and nothing of a user',
    async (_who, state, status, expected) => {
      const { visitor, id } = await newUser();
      const browser = new OperatorBrowser(service);
      if (state !== undefined) await browser.become(state);
      for (const path of ['/console', '/console?q=visitor', `/console/users/${id}`]) {
        const answer = await browser.ask(path);
        expect(answer.status).toBe(status);
        expect(answer.text).toContain(expected);
        expect(answer.text).not.toContain(visitor.email);
      }
    },
  );

  test('an operator finds a user, with the diagnosis', async () => {
    const { visitor, id } = await newUser();
    const found = await operator.ask(`/console?q=${encodeURIComponent(visitor.email)}`);
    expect(found.text).toContain(`/console/users/${id}`);
    const { status, text } = await operator.ask(`/console/users/${id}`);
    expect(status).toBe(200);
    expect(text).toContain(visitor.email);
    expect(text).toContain('class="box"');
    expect((await operator.ask('/console')).text).toContain('<svg');
  });

  test.each(['7', 'auth0|5f7c.x', 'deadbeef', 'deadbeef-0000-4000-8000-000000000000'])(
    'an operator finds the imported user %s by id, and the one whose address begins like it',
    async (id) => {
      const email = `${id}@import.example`;
      await service.database.query(
        `insert into "user" (id, name, email) values ($1, '', 'by-id@' || $1), ($1 || '-2', '', $2)`,
        [id, email],
      );
      const { text } = await operator.ask(`/console?q=${encodeURIComponent(id)}`);
      expect(text).toContain(`/console/users/${encodeURIComponent(id)}"`);
      expect(text).toContain(email);
    },
  );

  test('an address without an account, and an unknown id, have an answer', async () => {
    const email = 'Stranger@example.com';
    await new OperatorBrowser(service).ask('/api/auth/sign-in/email', {
      body: { email, password: 'a wrong password' },
    });
    const { status, text } = await operator.ask(`/console?q=${encodeURIComponent(email)}`);
    expect(status).toBe(200);
    expect(text).toMatch(
      /Nobody was found\..*class="box".*account with this address.*What happened/s,
    );
    const { text: unknown } = await operator.ask('/console?q=no-such-request');
    expect(unknown).toMatch(/Nobody was found\..*class="box"/s);
    expect((await operator.ask(`/console?q=${'x'.repeat(200)}`)).status).toBe(200);
  });

  test('an operator finds the user of a session in any case', async () => {
    const { visitor, id } = await newUser();
    const token = decodeURIComponent(visitor.sessionCookie).split('.')[0] ?? '';
    const query = tokenFingerprint(token).toUpperCase();
    expect((await operator.ask(`/console?q=${query}`)).text).toContain(`/console/users/${id}"`);
  });
});

describe('pages', () => {
  test('have a policy that allows their own script and style only', async () => {
    const { headers, text } = await operator.ask('/console');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    for (const element of ['script', 'style']) {
      const [, content = ''] = new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(text) ?? [];
      const hash = createHash('sha256').update(content).digest('base64');
      expect(policy).toContain(`${element}-src 'sha256-${hash}'`);
    }
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).not.toMatch(/ on\w+=/);
  });

  test.each([
    ['<script>alert(1)</script>'],
    ['"><img src=x onerror=alert(1)>'],
    ['\'; DROP TABLE "user" --'],
    ['\u202egnp.exe\u202c'],
    ['x'.repeat(100_000)],
  ])('escape and bound a name such as %.30s', async (name) => {
    const { visitor, id } = await newUser();
    await service.database.query('update "user" set name = $1 where id = $2', [name, id]);
    for (const path of [
      `/console/users/${id}`,
      `/console?q=${encodeURIComponent(visitor.email)}`,
    ]) {
      const { status, text } = await operator.ask(path);
      expect(status).toBe(200);
      expect(text).not.toContain('<script>alert');
      expect(text).not.toContain('<img');
      expect(text).not.toContain('\u202e');
      expect(text.length).toBeLessThan(40_000);
    }
    const echoed = await operator.ask(`/console?q=${encodeURIComponent(name.slice(0, 200))}`);
    expect(echoed.text).not.toContain('<script>alert');
    expect(echoed.text).not.toContain('<img');
  });
});

/** Of the console, opened by a link on another site; fetch cannot send this mode. */
async function statusOfLink(): Promise<number | undefined> {
  const headers = {
    cookie: operator.cookieHeader,
    'sec-fetch-mode': 'navigate',
    'sec-fetch-site': 'cross-site',
  };
  return new Promise((resolve, reject) => {
    get(`${service.url}/console`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}

describe('forms', () => {
  test('act on the user, and lead back', async () => {
    const { visitor, id } = await newUser();
    const { status, headers } = await operator.ask(`/console/users/${id}/lock`, form());
    const back = headers.get('location') ?? '';
    expect([status, back]).toEqual([303, `/console/users/${id}?done=lock&sessionsEnded=1`]);
    const said = 'Locked: every sign-in is refused until unlock. Sessions ended: 1.';
    const own = await operator.ask(back, { headers: { 'sec-fetch-site': 'same-origin' } });
    expect(own.text).toContain(said);
    // A link from elsewhere, or one that was typed, claims nothing.
    for (const site of ['none', 'cross-site']) {
      const headers = { 'sec-fetch-site': site };
      expect((await operator.ask(back, { headers })).text).not.toContain(said);
    }
    expect((await visitor.ask('/session')).json).toMatchObject({ reason: 'user_locked' });
    const events = await storedEvents(service);
    expect(events.find((one) => one.kind === 'user_lock' && one.user_id === id)).toBeDefined();
  });

  test('say what is wrong', async () => {
    const { id } = await newUser();
    const refused = await operator.ask(
      `/console/users/${id}/set-password`,
      form({ password: 'x' }),
    );
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('8 to 128 characters');
    expect((await operator.ask('/console/users/none')).status).toBe(404);
  });

  test('export is a file', async () => {
    const { id } = await newUser();
    const { headers, json } = await operator.ask(`/console/users/${id}/export`, form());
    expect(headers.get('content-disposition')).toContain('attachment');
    expect(json).toMatchObject({ userId: id });
  });

  test.each([
    ['of another site', 403, { origin: 'https://evil.example' }],
    ['of a trusted site', 403, { origin: 'http://localhost:3000' }],
    ['without an Origin', 403, { origin: null }],
  ] as const)('%s are refused', async (_title, status, options) => {
    const { visitor, id } = await newUser();
    const answer = await operator.ask(`/console/users/${id}/lock`, { ...form(), ...options });
    expect(answer.status).toBe(status);
    expect((await visitor.ask('/session')).status).toBe(200);
  });

  test('a GET of an action, a script of another site, and JSON are refused', async () => {
    const { id } = await newUser();
    expect((await operator.ask(`/console/users/${id}/lock`)).status).toBe(405);
    const json = await operator.ask(`/console/users/${id}/lock`, { body: {} });
    expect(json.status).toBe(415);
    const headers = { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'cross-site' };
    expect((await operator.ask('/console', { headers })).status).toBe(403);
    expect(await statusOfLink()).toBe(200);
  });

  test('acting as a user and the way back', async () => {
    const boss = await newOperator(service);
    const { id } = await newUser();
    const begun = await boss.ask(`/console/users/${id}/impersonate`, form({ reason: 'ticket 1' }));
    const back = begun.headers.get('location') ?? '';
    expect([begun.status, back]).toEqual([303, '/console?done=impersonate&isNotified=false']);
    const said = await boss.ask(back, { headers: { 'sec-fetch-site': 'same-origin' } });
    expect(said.text).toContain('The owner gets no mail about it.');
    expect(said.text).toContain("history.replaceState(null, '', location.pathname)");
    expect((await boss.ask('/console')).text).toContain('data-step="stop"');
    const refused = await boss.ask(`/console/users/${id}/lock`, form());
    expect(refused.text).toContain(`<a id="then" href="/console/users/${id}">`);
    expect(refused.text).not.toContain('id="again"');
    expect((await boss.admin('/stop-impersonating', { body: {} })).json).toEqual({
      restored: true,
    });
  });
});
