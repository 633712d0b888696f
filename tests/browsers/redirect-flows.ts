/** Sign-in with a provider in one engine and one topology: each visit ends signed in on the site, or with its reason. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Browser, Engine, Tab } from './engines/engine.js';
import type { System } from './system/system.js';
import { askPrivateRoute, sees, signUp } from './visitor.js';

const landing = 'find the cookie of the auth service';
const signedOut = 'The exercises are for signed-in readers';
const provider = 'Continue with Dev ID';

/** Waits until the page has changed: a visit that starts earlier would be replaced by it. */
async function goBack(tab: Tab): Promise<void> {
  const page = () => tab.run('return location.href').catch(() => undefined);
  const left = await page();
  await tab.run('setTimeout(() => history.back())');
  await vi.waitUntil(async () => ![left, undefined].includes((await page()) as string), {
    timeout: 30_000,
    interval: 100,
  });
}

/** Registers the tests. @param context is called when they run */
export function testRedirectFlows(
  engine: Engine,
  context: () => { readonly system: System },
): void {
  const slug = `${engine.name}.${engine.setting}`.replaceAll(' ', '-').toLowerCase();
  const email = `redirect.${slug}@example.com`;
  const name = 'Emmy Noether';
  let browser: Browser;

  beforeAll(async () => {
    browser = await engine.launch();
  });
  afterAll(() => browser.close());

  /** From the sign-in page to the form of the provider. */
  async function leave(tab: Tab): Promise<void> {
    await tab.open(`${context().system.urls.site}/sign-in?from=/exercises`);
    await tab.press(provider);
    await sees(tab, 'Whom should it sign in?');
  }

  async function answer(tab: Tab, address: string): Promise<void> {
    await tab.run(`document.querySelector('[name=email]').value = ${JSON.stringify(address)}`);
    await tab.run(`document.querySelector('[name=name]').value = ${JSON.stringify(name)}`);
    await tab.press('Continue');
  }

  /** On the account page. */
  async function signOut(tab: Tab): Promise<void> {
    await tab.open(`${context().system.urls.site}/account`);
    await tab.press('Sign out');
    await sees(tab, 'You are not signed in');
  }

  test('a new visitor is signed up, and lands on the page that was left', async () => {
    const tab = await browser.newTab();
    await leave(tab);
    await answer(tab, email);
    await sees(tab, landing);
    await sees(tab, name);
    expect(await tab.run('return location.pathname + location.hash')).toMatch(/^\/exercises\/?$/);
    expect(await askPrivateRoute(tab)).toMatch(/^200 .*Emmy Noether/);
    await tab.reload();
    await sees(tab, landing);
    await signOut(tab);
  });

  test('the visitor signs in again; the back button does not sign out or fail', async () => {
    const tab = await browser.newTab();
    await leave(tab);
    await answer(tab, email);
    await sees(tab, landing);
    await goBack(tab);
    await tab.open(`${context().system.urls.site}/exercises`);
    await sees(tab, landing);
    await signOut(tab);
  });

  test('a visitor who cancels reads why, and can try again', async () => {
    const tab = await browser.newTab();
    await leave(tab);
    await tab.press('Cancel');
    await sees(tab, 'The sign-in with Dev ID was cancelled.');
    expect(await tab.run('return location.hash')).toBe('');
    await tab.open(`${context().system.urls.site}/exercises`);
    await sees(tab, signedOut);
  });

  test('two tabs under way at once both end signed in', async () => {
    const [first, second] = [await browser.newTab(), await browser.newTab()];
    await first.show();
    await leave(first);
    await second.show();
    await leave(second);
    await answer(second, email);
    await sees(second, landing);
    await first.show();
    await answer(first, email);
    await sees(first, landing);
    await signOut(first);
  });

  test('a foreign code signs nobody in, and a sign-in under way still ends well', async () => {
    const tab = await browser.newTab();
    await leave(tab);
    const { site } = context().system.urls;
    const providerPage = String(await tab.run('return location.href'));
    await tab.open(`${site}/auth/confirm#auth_code=${'x'.repeat(43)}`);
    await sees(tab, 'This sign-in is not valid, so it was not used.');
    await tab.open(providerPage);
    await answer(tab, email);
    await sees(tab, landing);
    await signOut(tab);
  });

  test('a user links the provider on the account page', async () => {
    const tab = await browser.newTab();
    const { site } = context().system.urls;
    const password = 'quiet harbour seventeen lamps';
    await signUp(tab, site, { name, email: `linking.${slug}@example.com`, password });
    await sees(tab, landing);
    await tab.open(`${site}/account`);
    await tab.press('Link');
    await sees(tab, 'Whom should it sign in?');
    await answer(tab, `linked.${slug}@example.com`);
    await sees(tab, 'Dev ID is linked: you can sign in with it now.');
    await sees(tab, `linking.${slug}@example.com`);
    await signOut(tab);
  });
}
