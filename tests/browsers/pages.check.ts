/** Every page of the textbook in Chromium, signed out and in: accessible in both themes, and still while it loads. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumByDefault } from './engines/chromium.js';
import type { Browser, Tab } from './engines/engine.js';
import { expectAccessible, layoutShift } from './page-quality.js';
import { mapHosts } from './system/hosts.js';
import { startSystem, type System } from './system/system.js';
import { oneHost as topology } from './system/topology.js';
import { sees, signUp } from './visitor.js';

const password = 'quiet harbour seventeen lamps';
let unmapHosts: () => Promise<void>;
let system: System;
let browser: Browser;
let tab: Tab;
beforeAll(async () => {
  unmapHosts = await mapHosts(Object.values(topology.hosts));
  system = await startSystem(topology);
  browser = await chromiumByDefault.launch();
  tab = await browser.newTab();
});
afterAll(async () => {
  await browser.close();
  await system.stop();
  await unmapHosts();
});

const account = { name: 'Grace Hopper', email: 'grace@example.com', password };
const signedOutPages = [
  ['/', 'Sign in'],
  ['/exercises', 'The exercises are for signed-in readers'],
  ['/sign-in', 'No account yet?'],
  ['/sign-up', 'Already here before?'],
  ['/account', 'You are not signed in'],
] as const;
const signedInPages = [
  ['/', account.name],
  ['/exercises', 'find the cookie of the auth service'],
  ['/account', 'Change the password'],
] as const;

test.each(signedOutPages)('%s, signed out, is accessible and stands still', async (path, text) => {
  await expectGoodPage(path, text);
});

test.each(signedInPages)('%s, signed in, is accessible and stands still', async (path, text) => {
  if (path === '/') {
    await signUp(tab, system.urls.site, account);
    await sees(tab, account.name);
  }
  await expectGoodPage(path, text);
});

async function expectGoodPage(path: string, text: string): Promise<void> {
  await tab.open(system.urls.site + path);
  await sees(tab, text);
  expect(await layoutShift(tab)).toBeLessThan(0.01); // below 0.1 counts as good (web.dev, Core Web Vitals)
  await expectAccessible(tab);
}
