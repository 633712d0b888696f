/**
 * Every page of the console in Chromium: accessible in both themes, usable on a phone, by keyboard and without scripts, with
 * no violation of its policy, and no script of hostile data runs. CONSOLE_SCREENSHOTS names a folder for pictures.
 */
import { mkdir } from 'node:fs/promises';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperatorBrowser } from '../support/operators.js';
import { startConsole, type ConsoleSystem } from './console-system.js';
import { addVirtualAuthenticator } from './virtual-authenticator.js';

const screenshots = process.env.CONSOLE_SCREENSHOTS;
const evil = `"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\u202e{{7*7}}`;

let system: ConsoleSystem;
let browser: Browser;
let operator: OperatorBrowser;
let id: string;
/** What the pages wrote to the console as errors: violations of the policy, too. */
const errors: string[] = [];

beforeAll(async () => {
  system = await startConsole();
  ({ operator } = await system.newOperator());
  const { user, id: userId } = await system.newUser(evil);
  id = userId;
  await user.ask('/api/auth/sign-in/email', {
    body: { email: user.email, password: 'wrong' },
    headers: { 'user-agent': `Mozilla/5.0 ${evil.replace('\u202e', '')} Firefox/140.0` },
  });
  const cookie = `__Secure-better-auth.session_token=${encodeURIComponent('<b>.x')}`;
  for (const origin of [system.url, 'https://docs.example.com']) {
    await fetch(`${system.service.url}/session`, { headers: { cookie, origin } });
  }
  await operator.act(id, 'mail-password-reset');
  const begun = await operator.act(id, 'impersonate', { reason: evil.replace('\u202e', '') });
  expect(begun.status).toBe(200);
  await operator.admin('/stop-impersonating', { body: {} });
  await spreadEvents();
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--ignore-certificate-errors'],
  });
  if (screenshots !== undefined) await mkdir(screenshots, { recursive: true });
});
afterAll(async () => {
  await browser.close();
  await system.stop();
});

/** Copies of the events over the last days, so that the charts have a shape. */
async function spreadEvents(): Promise<void> {
  await system.service.audit?.flush();
  await system.service.database.query(
    `insert into audit_event (id, at, kind, outcome, reason, actor, count)
     select gen_random_uuid()::text, now() - make_interval(mins => (n * n / 3)::int), kind, outcome, reason, 'user', 1 + n % 4
     from generate_series(1, 200) n, (values
       ('sign_in', 'success', null), ('sign_in', 'refused', 'wrong_password'), ('sign_in', 'refused', 'limit_account'),
       ('request', 'refused', 'invalid_origin'), ('mail', 'success', null), ('mail', 'failed', 'recipient_refused'),
       ('password_reset', 'refused', 'link_expired'), ('sign_in', 'refused', 'unknown_account'),
       ('second_factor', 'refused', 'factor_wrong_code'), ('sign_up', 'refused', 'address_taken')) as e (kind, outcome, reason)
     where n % (1 + length(coalesce(reason, 'abc')) % 7) = 0 and now() - make_interval(mins => (n * n / 3)::int) >= date_trunc('month', now())`,
  );
}

async function newPage(
  options: Parameters<Browser['newContext']>[0] = {},
  as: Pick<OperatorBrowser, 'cookies'> = operator,
) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
  await context.addCookies(
    [...as.cookies].map(([name, value]) => ({
      name,
      value,
      url: system.url,
      secure: true,
    })),
  );
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return { context, page };
}

const pages = (): readonly (readonly [string, string])[] => [
  ['overview', '/console'],
  ['overview-1h', '/console?range=1h'],
  ['overview-7d', '/console?range=7d'],
  ['overview-30d', '/console?range=30d'],
  ['checks', '/console/checks?range=30d'],
  ['results', '/console?q=visitor'],
  ['nobody', '/console?q=nobody@'],
  ['user', `/console/users/${id}`],
  ['not-found', '/console/users/none'],
];

async function findingsOfAxe(page: Page): Promise<unknown> {
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 200)).join(' ')))`);
}

/** WCAG 2.2 asks for 24 px; a finger wants 44. */
const tooSmall = `Array.from(document.querySelectorAll('a, button, input:not([type=hidden]), summary'))
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
  .map((one) => one.outerHTML.slice(0, 120))`;

async function expectGood(page: Page, name: string, context: BrowserContext): Promise<void> {
  expect(await page.evaluate('window.hacked'), name).toBeUndefined();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await findingsOfAxe(page), `${name}, ${colorScheme}`).toEqual([]);
    if (screenshots !== undefined)
      await page.screenshot({ path: `${screenshots}/${name}-${colorScheme}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 390, height: 844 });
  const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
  expect([name, isWide]).toEqual([name, false]);
  expect([name, await page.evaluate(tooSmall)]).toEqual([name, []]);
  if (screenshots !== undefined)
    await page.screenshot({ path: `${screenshots}/${name}-phone.png`, fullPage: true });
  await context.close();
  expect([name, errors.splice(0).filter((text) => !/status of (401|403|404)/.test(text))]).toEqual([
    name,
    [],
  ]);
}

test(
  'every page is accessible in light and dark, fits a phone, and runs no foreign script',
  { timeout: 300_000 },
  async () => {
    for (const [name, path] of pages()) {
      const { page, context } = await newPage();
      await page.goto(system.url + path);
      for (const summary of await page.locator('summary').all()) await summary.click();
      await expectGood(page, name, context);
    }
  },
);

test('so are the pages for callers who are no operators', { timeout: 200_000 }, async () => {
  const { user } = await system.newUser();
  const { operator: weak } = await system.newOperator();
  await system.service.database.query(`update session set aal = 1 where user_id = $1`, [
    await weak.userId(),
  ]);
  const { operator: stale } = await system.newOperator();
  const { operator: acting } = await system.newOperator();
  expect((await acting.act(id, 'impersonate', { reason: 'a test' })).status).toBe(200);
  const callers = { user, weak, acting } as const;
  const { page, context } = await newPage({}, { cookies: new Map() });
  await page.goto(`${system.url}/console`);
  await expectGood(page, 'sign-in', context);
  for (const [name, caller] of Object.entries(callers)) {
    const seen = await newPage({}, caller);
    await seen.page.goto(`${system.url}/console`);
    await expectGood(seen.page, `as-${name}`, seen.context);
  }
  const seen = await newPage({}, stale);
  await seen.page.goto(`${system.url}/console/users/${id}`);
  await system.service.database.query(
    `update session set proven_at = now() - interval '11 minutes' where user_id = $1`,
    [await stale.userId()],
  );
  await seen.page.getByRole('button', { name: 'Lift limits' }).click();
  await seen.page.getByText('Nothing was changed yet').waitFor();
  await expectGood(seen.page, 'step-up', seen.context);
});

test(
  'by keyboard alone: the tab order follows the page, the focus is seen, Enter sends',
  { timeout: 120_000 },
  async () => {
    const { page, context } = await newPage();
    await page.goto(`${system.url}/console`);
    const order: string[] = [];
    for (let at = 0; at < 6; at += 1) {
      await page.keyboard.press('Tab');
      const [label = '', outline] = await page.evaluate<string[]>(`[
      document.activeElement.textContent.trim() || document.activeElement.name,
      getComputedStyle(document.activeElement).outlineStyle + ' ' + getComputedStyle(document.activeElement).outlineWidth]`);
      order.push(label);
      expect([label, outline]).toEqual([label, 'solid 3px']);
    }
    expect(order).toEqual(['Overview', 'Failing checks', 'Sign out', 'q', 'Search', '1 hour']);
    await page.locator('input[name=q]').focus();
    await page.keyboard.type('visitor');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=visitor/);
    await page
      .getByRole('link', { name: /visitor-/ })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await page.getByText('What to do').waitFor();
    await page.getByText('Delete', { exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Delete for good');
    await context.close();
  },
);

test(
  'without scripts everything works but the proof of who the operator is',
  { timeout: 120_000 },
  async () => {
    const { id: userId, user } = await system.newUser();
    const { page, context } = await newPage({ javaScriptEnabled: false });
    await page.goto(`${system.url}/console?q=${encodeURIComponent(user.email)}`);
    await page.getByRole('link', { name: user.email }).click();
    await page.getByRole('button', { name: 'Lock', exact: true }).click();
    await page
      .getByText('Locked: every sign-in is refused until unlock. Sessions ended: 1.')
      .waitFor();
    expect((await user.ask('/session')).json?.reason).toBe('user_locked');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    expect((await download).suggestedFilename()).toBe(`user-${userId}.json`);
    await page.getByRole('link', { name: 'Failing checks' }).click();
    expect(await page.getByRole('button', { name: 'Pause' }).isVisible()).toBe(false);
    await page.getByRole('link', { name: 'Refresh' }).click();
    await page.getByText('As of').waitFor();
    await context.close();
    const nobody = await newPage({ javaScriptEnabled: false }, { cookies: new Map() });
    await nobody.page.goto(`${system.url}/console`);
    // The driver switches scripts off without `noscript` being shown.
    expect(await nobody.page.content()).toContain('Proving who you are needs JavaScript');
    await nobody.context.close();
  },
);

test('signs in with a passkey', { timeout: 120_000 }, async () => {
  const { operator: owner } = await system.newOperator();
  const { page, context } = await newPage({}, owner);
  await addVirtualAuthenticator(await context.newCDPSession(page));
  await page.goto(`${system.url}/console`);
  const status = await page.evaluate(`(async () => {
    const options = await (await fetch('/api/auth/passkey/generate-register-options')).json();
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const response = (await navigator.credentials.create({ publicKey })).toJSON();
    const answer = await fetch('/api/auth/passkey/verify-registration', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ response, name: 'Key' }) });
    return answer.status + ' ' + (answer.ok ? '' : await answer.text());
  })()`);
  expect(status).toBe('200 ');
  await page.goto(`${system.url}/console`);
  await page.locator('header button').click();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText('Over time').waitFor();
  await page.getByText(owner.email).waitFor();
  await context.close();
  errors.length = 0;
});

test(
  'the live list stops on an error and says so, and waits while the tab is hidden',
  { timeout: 120_000 },
  async () => {
    const { page, context } = await newPage();
    await page.goto(`${system.url}/console/checks`);
    let calls = 0;
    await page.route('**/console/checks', (route) => {
      calls += 1;
      return route.fulfill({ status: 503, body: '' });
    });
    await page.evaluate(
      `Object.defineProperty(document, 'hidden', { configurable: true, value: true }); document.dispatchEvent(new Event('visibilitychange'))`,
    );
    await new Promise((resolve) => setTimeout(resolve, 6_500));
    expect(calls).toBe(0);
    await page.evaluate(
      `delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))`,
    );
    await page.getByText('The list is not refreshed: The service answered 503.').waitFor();
    await new Promise((resolve) => setTimeout(resolve, 6_500));
    expect(calls).toBe(1);
    await page.unroute('**/console/checks');
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('Refreshes every 5 seconds.').waitFor();
    await context.close();
  },
);
