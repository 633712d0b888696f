/** Second factors in one engine and one topology: set up on the account page, then asked for at each sign-in. */
import { setTimeout } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumByDefault } from './engines/chromium.js';
import type { Browser, Engine, Tab } from './engines/engine.js';
import { expectAccessible } from './page-quality.js';
import type { System } from './system/system.js';
import { askPrivateRoute, sees, signIn, signUp } from './visitor.js';

const landing = 'find the cookie of the auth service';
const codeField = 'Code of your authenticator app';
const stepMs = 30_000;

/** Registers the tests. @param context is called when they run */
export function testSecondFactorFlows(
  engine: Engine,
  context: () => { readonly system: System },
): void {
  const slug = `${engine.name}.${engine.setting}`.replaceAll(' ', '-').toLowerCase();
  const account = {
    name: 'Hedy Lamarr',
    email: `factor.${slug}@example.com`,
    password: 'quiet harbour seventeen lamps',
  };
  let browser: Browser;
  let tab: Tab;
  let app: TOTP;
  let backupCodes: string[];
  let lastStep = 0;

  beforeAll(async () => {
    browser = await engine.launch();
    tab = await browser.newTab();
  });
  afterAll(() => browser.close());

  /** The oldest code that the service still accepts. Each one is accepted once, so this may wait for the next. */
  async function nextCode(): Promise<string> {
    const present = () => Math.floor(Date.now() / stepMs);
    lastStep = Math.max(lastStep + 1, present());
    while (present() < lastStep - 1) await setTimeout(200);
    return app.generate({ timestamp: lastStep * stepMs });
  }

  const site = () => context().system.urls.site;

  async function check(name: string): Promise<void> {
    await tab.run(`document.querySelector('input[name=${JSON.stringify(name)}]').click()`);
  }

  /** In one engine: the others show the same page. */
  async function expectAccessibleState(): Promise<void> {
    if (engine === chromiumByDefault) await expectAccessible(tab);
  }

  async function signOut(): Promise<void> {
    await tab.open(`${site()}/account`);
    await tab.press('Sign out');
    await sees(tab, 'You are not signed in');
  }

  test('a visitor sets an authenticator app up on the account page', async () => {
    await signUp(tab, site(), account);
    await sees(tab, landing);
    await tab.open(`${site()}/account`);
    await tab.press('Set up an authenticator app');
    await sees(tab, 'I have kept them');
    const shown = (await tab.run(`
      return Array.from(document.querySelectorAll('main code'), ({ textContent }) => textContent);`)) as string[];
    const key = shown.find((text) => /^[A-Z2-7 ]{39}$/.test(text)) ?? '';
    app = new TOTP({ secret: Secret.fromBase32(key.replaceAll(' ', '')) });
    const page = String(await tab.run('return document.body.innerText'));
    backupCodes = page.match(/\b\w{5}-\w{5}-\w{5}\b/g) ?? [];
    expect(backupCodes).toHaveLength(10);
    const isDrawn = `return document.querySelector('.auth-qr').naturalWidth > 0`;
    expect(await tab.run(isDrawn)).toBe(true);
    await expectAccessibleState();
    await check('kept');
    await tab.fill('code', await nextCode());
    await tab.press('Confirm');
    await sees(tab, 'Your authenticator app is set up.');
    await expectAccessibleState();
    await tab.press('Remove the authenticator app');
    await sees(tab, 'Yes, remove it');
    await expectAccessibleState();
    await signOut();
  });

  test('the password alone does not sign in, also after a reload; the code does', async () => {
    await signIn(tab, site(), account);
    await sees(tab, codeField);
    expect(await tab.run('return document.body.innerText')).not.toContain(account.name);
    await tab.reload();
    await sees(tab, codeField);
    await tab.fill('code', '000000');
    await tab.press('Continue');
    await sees(tab, /This code is wrong|The clock of the device/);
    await expectAccessibleState();
    await tab.fill('code', await nextCode());
    await tab.press('Continue');
    await sees(tab, landing);
    await sees(tab, account.name);
    expect(await askPrivateRoute(tab)).toMatch(/^200 .*Hedy Lamarr/);
    await tab.reload();
    await sees(tab, landing);
    await signOut();
  });

  test('a backup code signs in, and a trusted device needs no code the next time', async () => {
    await signIn(tab, site(), account);
    await sees(tab, codeField);
    await tab.press('Use a backup code');
    await sees(tab, 'Backup code');
    await expectAccessibleState();
    await tab.fill('code', backupCodes[0]?.toLowerCase() ?? '');
    const canTrust = await tab.run(
      `return document.querySelector('input[name="trust-device"]') !== null`,
    );
    if (canTrust === true) await check('trust-device');
    await tab.press('Continue');
    await sees(tab, landing);
    await signOut();
    await signIn(tab, site(), account);
    await sees(tab, canTrust === true ? landing : codeField);
  });

  test('a route that needs the second factor asks for it, and is called again', async () => {
    const isTrusted = String(await tab.run('return document.body.innerText')).includes(landing);
    if (!isTrusted) return; // without its cookie every sign-in has proven the factor
    await tab.press('Ask the route for two factors');
    await sees(tab, 'This needs your second factor.');
    await expectAccessibleState();
    await tab.fill('code', await nextCode());
    // The dialog is outside of the page's main part.
    await tab.run(`document.querySelector('dialog[open] [type=submit]').click()`);
    await sees(tab, /200 .*Two factors/);
    await tab.press('Ask the route for two factors');
    await sees(tab, /200 .*Two factors/);
    expect(await tab.run(`return document.querySelector('dialog[open]') === null`)).toBe(true);
  });

  test('who is not the owner leaves the second step', async () => {
    const other = await engine.launch();
    try {
      const there = await other.newTab();
      await signIn(there, site(), account);
      await sees(there, codeField);
      await there.press('Sign in as somebody else');
      await sees(there, 'Password');
      await there.open(`${site()}/exercises`);
      await sees(there, 'The exercises are for signed-in readers');
    } finally {
      await other.close();
    }
  });
}
