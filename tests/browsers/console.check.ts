/**
 * The console in three browser engines, through its own pages: an operator signs in with password and code, finds a user,
 * and does everything that the page offers. Requires Debian's browsers; the page's quality is console-pages.check.ts.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tokenFingerprint } from '../../src/session/signed-token.js';
import type { OperatorBrowser } from '../support/operators.js';
import type { App } from '../support/second-factor.js';
import { steadyStep } from '../support/second-factor.js';
import { enrol } from '../support/second-factor.js';
import { startConsole, type ConsoleSystem } from './console-system.js';
import { chromiumByDefault } from './engines/chromium.js';
import type { Browser, Tab } from './engines/engine.js';
import { firefoxByDefault } from './engines/firefox.js';
import { webkitByDefault } from './engines/webkit.js';
import { sees } from './visitor.js';

let system: ConsoleSystem;
beforeAll(async () => {
  system = await startConsole();
});
afterAll(() => system.stop());

const engines = [chromiumByDefault, firefoxByDefault, webkitByDefault];

describe.each(engines)('$name', (engine) => {
  let operator: OperatorBrowser;
  let app: App;
  let browser: Browser;
  let tab: Tab;
  beforeAll(async () => {
    ({ operator, app } = await system.newOperator());
    browser = await engine.launch();
    tab = await browser.newTab();
  });
  afterAll(() => browser.close());

  const rows = (sql: string, id: string) =>
    system.service.database.query<Record<string, unknown>>(sql, [id]);

  async function openUser(id: string): Promise<void> {
    await tab.open(`${system.url}/console/users/${id}`);
    await sees(tab, 'What to do');
  }

  test('signs in with password and code, after a wrong password and a wrong code', async () => {
    await tab.open(`${system.url}/console`);
    await tab.fill('email', operator.email);
    await tab.fill('password', 'a wrong password');
    await tab.press('Sign in');
    await sees(tab, 'Invalid email or password');
    await tab.fill('password', operator.password);
    await tab.press('Sign in');
    await sees(tab, 'Code of the authenticator app');
    await tab.fill('code', '000000');
    await tab.press('Continue');
    await sees(tab, /code is wrong|invalid|Invalid/);
    await steadyStep();
    await tab.fill('code', app.code());
    await tab.press('Continue');
    await sees(tab, 'Over time');
    await sees(tab, operator.email);
  });

  test('finds a user by the beginning of the address, by id and by a session', async () => {
    const { user, id } = await system.newUser();
    const token = decodeURIComponent(user.sessionCookie).split('.')[0] ?? '';
    for (const query of [user.email.slice(0, 16), id, tokenFingerprint(token)]) {
      await tab.open(`${system.url}/console`);
      await tab.fill('q', query);
      await tab.press('Search');
      await sees(tab, user.email);
    }
    await tab.press(user.email);
    await sees(tab, 'The user signed up');
    await tab.open(`${system.url}/console`);
    await tab.fill('q', 'nobody@');
    await tab.press('Search');
    await sees(tab, 'Nobody was found.');
  });

  test('signs out, locks, unlocks, verifies, mails a link, sets a password, and says what was done', async () => {
    const { user, id } = await system.newUser();
    await openUser(id);
    await tab.press('Sign out everywhere');
    await sees(tab, 'Signed out. Sessions ended: 1.');
    expect((await user.ask('/session')).json?.reason).toBe('session_ended_by_operator');
    await user.signIn();
    await tab.press('Lock');
    await sees(tab, 'Locked: every sign-in is refused until unlock. Sessions ended: 1.');
    await sees(tab, 'Locked since');
    expect((await user.signIn()).json?.code).toBe('USER_LOCKED');
    await tab.press('Unlock');
    await sees(tab, 'Not locked any more.');
    expect((await user.signIn()).status).toBe(200);
    await tab.press('Mark the address as verified');
    await sees(tab, 'The address is marked as verified.');
    await tab.press('Mail a link for a new password');
    await sees(tab, 'The mail with the link is written.');
    await tab.fill('password', 'password1');
    await tab.press('Set the password');
    await sees(tab, 'This password is too common.');
    await tab.press('Back');
    await tab.fill('password', 'an entirely new passphrase');
    await tab.press('Set the password');
    await sees(tab, 'The password is set.');
    expect((await user.signIn('an entirely new passphrase')).status).toBe(200);
  });

  test('removes a factor', async () => {
    const { user, id } = await system.newUser();
    await enrol(system.service, user);
    await openUser(id);
    await sees(tab, 'authenticator app');
    await tab.press('Remove second factors');
    await sees(tab, 'No second factor is left. Sessions ended: 1. The owner gets a mail.');
    expect(await rows('select 1 from totp_secret where user_id = $1', id)).toEqual([]);
  });

  test('exports all that is stored, as a file', async () => {
    const { user, id } = await system.newUser();
    await openUser(id);
    // The driver would store the file: the same request, from the page.
    const text = await tab.run(`
      const answer = await fetch('/console/users/${id}/export', { method: 'POST', body: new URLSearchParams() });
      return answer.headers.get('content-disposition') + '\\n' + await answer.text();`);
    const [head, ...lines] = String(text).split('\n');
    expect(head).toContain(`user-${id}.json`);
    const exported = JSON.parse(lines.join('\n')) as { tables: Record<string, unknown[]> };
    expect(exported.tables.user).toMatchObject([{ id, email: user.email }]);
    expect(exported.tables.session).toHaveLength(1);
    expect(exported.tables.audit_event?.length).toBeGreaterThan(0);
  });

  test('acts as a user with a reason, sees a banner and no console, and stops', async () => {
    const { user, id } = await system.newUser();
    await openUser(id);
    await tab.fill('reason', 'ticket 4711');
    await tab.press('Act as this user for an hour');
    await sees(tab, `You are acting as ${user.email}`);
    const statuses = await tab.run(`
      const post = (path, body) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      const answers = [
        await post('/api/auth/change-password', { currentPassword: 'x', newPassword: 'an entirely new passphrase' }),
        await post('/api/auth/delete-user', {}),
        await post('/api/auth/two-factor/enable', {}),
        await post('/api/admin/users/${id}/delete', {}),
      ];
      return Promise.all(answers.map(async (answer) => answer.status + ' ' + (await answer.json()).code));`);
    expect(statuses).toEqual(Array.from({ length: 4 }, () => '403 IMPERSONATING'));
    await tab.open(`${system.url}/console/users/${id}`);
    await sees(tab, `You are acting as ${user.email}`);
    // The answer to a form: it must not be sent again as the operator.
    await tab.run(`
      const form = document.createElement('form');
      form.method = 'post';
      form.action = '/console/users/${id}/lock';
      document.body.append(form);
      form.submit();`);
    await sees(tab, 'Nothing was changed.');
    await tab.press('Stop impersonating');
    await sees(tab, 'because: ticket 4711');
    await sees(tab, operator.email);
    expect(await rows('select locked_at from "user" where id = $1', id)).toEqual([
      { locked_at: null },
    ]);
  });

  test('an old proof is renewed, and then the action happens without another press', async () => {
    const { user, id } = await system.newUser();
    await openUser(id);
    await system.service.database.query(
      `update session set proven_at = now() - interval '11 minutes' where user_id = $1`,
      [await operator.userId()],
    );
    await tab.press('Lock');
    await sees(tab, 'Nothing was changed yet');
    expect((await user.ask('/session')).status).toBe(200);
    await app.forgetLastCode();
    await steadyStep();
    await tab.fill('code', app.code());
    await tab.press('Continue');
    await sees(tab, 'Locked: every sign-in is refused until unlock.');
    expect((await user.ask('/session')).json?.reason).toBe('user_locked');
  });

  test('deletes a user', async () => {
    const { user, id } = await system.newUser();
    await openUser(id);
    await tab.run(`document.querySelector('details:has(form[action$="/delete"])').open = true`);
    await tab.press('Delete for good');
    await sees(tab, 'The user is deleted. Sessions ended: 1.');
    expect(await rows('select 1 from "user" where id = $1', id)).toEqual([]);
    expect((await user.ask('/session')).json?.reason).toBe('user_deleted');
  });

  test('failing checks appear without a reload, and the focus stays', async () => {
    await tab.open(`${system.url}/console/checks`);
    await sees(tab, 'Refreshes every 5 seconds.');
    // A tab of WebKit's driver counts as hidden, and a hidden page waits.
    await tab.run(`
      Object.defineProperty(document, 'hidden', { configurable: true, value: false });
      document.dispatchEvent(new Event('visibilitychange'));`);
    await tab.run(`document.getElementById('pause').focus()`);
    const cookie = '__Secure-better-auth.session_token=abc.def';
    const site = `https://${engine.name.toLowerCase()}.example`;
    await fetch(`${system.service.url}/session`, { headers: { cookie, origin: site } });
    await sees(tab, site);
    expect(await tab.run('return document.activeElement.id')).toBe('pause');
    await tab.press('Pause');
    await sees(tab, 'Paused.');
    await tab.press('Resume');
    await sees(tab, 'Refreshes every 5 seconds.');
  });

  test('signs out', async () => {
    await tab.run(`document.querySelector('header button').click()`);
    await sees(tab, 'Sign in');
    expect(await tab.run(`return (await fetch('/console')).status`)).toBe(401);
  });
});
