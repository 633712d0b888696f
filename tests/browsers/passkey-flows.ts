/** Passkeys in one engine and one topology, with a virtual device: added on the account page, then used to sign in. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser, Engine, Tab } from './engines/engine.js';
import type { System } from './system/system.js';
import { askPrivateRoute, sees, signUp } from './visitor.js';

const landing = 'find the cookie of the auth service';

/** Registers the tests. @param context is called when they run */
export function testPasskeyFlows(engine: Engine, context: () => { readonly system: System }): void {
  const slug = `${engine.name}.${engine.setting}`.replaceAll(' ', '-').toLowerCase();
  const account = {
    name: 'Radia Perlman',
    email: `passkey.${slug}@example.com`,
    password: 'quiet harbour seventeen lamps',
  };
  let browser: Browser;
  let tab: Tab;
  let removeDevice: () => Promise<void>;

  beforeAll(async () => {
    browser = await engine.launch();
    tab = await browser.newTab();
    removeDevice = await addDevice(tab, true);
  });
  afterAll(() => browser.close());

  async function addDevice(to: Tab, verifiesUser: boolean): Promise<() => Promise<void>> {
    if (to.addAuthenticator === undefined) throw new Error(`${engine.name} has no virtual device`);
    return to.addAuthenticator(verifiesUser);
  }

  const site = () => context().system.urls.site;

  async function signOut(): Promise<void> {
    await tab.open(`${site()}/account`);
    await tab.press('Sign out');
    await sees(tab, 'You are not signed in');
  }

  test('a visitor adds a passkey on the account page', async () => {
    await signUp(tab, site(), account);
    await sees(tab, landing);
    await tab.open(`${site()}/account`);
    await tab.press('Create a passkey');
    await sees(tab, 'The passkey was created: you can sign in with it now.');
    await signOut();
  });

  test('it signs in, by the autofill of the form or by the button, to the site and its API', async () => {
    await tab.open(`${site()}/sign-in?from=/exercises`);
    // The device agrees at once, so the autofill may have signed in before the button is there.
    await tab.press('Sign in with a passkey').catch(() => undefined);
    await sees(tab, landing);
    await sees(tab, account.name);
    expect(await askPrivateRoute(tab)).toMatch(/^200 .*Radia Perlman/);
    await tab.reload();
    await sees(tab, landing);
    await signOut();
  });

  test('a device that does not verify its user does not sign in', async () => {
    const other = await engine.launch();
    try {
      const there = await other.newTab();
      const remove = await addDevice(there, false);
      await there.open(`${site()}/sign-in?from=/exercises`);
      await there.press('Sign in with a passkey');
      await sees(there, 'Password');
      await there.open(`${site()}/exercises`);
      await sees(there, 'The exercises are for signed-in readers');
      await remove();
    } finally {
      await other.close();
    }
  });

  test('without the device the password still signs in, and the passkey can be removed', async () => {
    await removeDevice();
    await tab.open(`${site()}/sign-in?from=/exercises`);
    await tab.fill('email', account.email);
    await tab.fill('password', account.password);
    await tab.press('Sign in');
    await sees(tab, landing);
    await tab.open(`${site()}/account`);
    await sees(tab, 'Rename');
    await tab.press('Remove');
    await sees(tab, 'The passkey was removed here.');
    await signOut();
  });
}
