/**
 * Every page of the textbook in Chromium, signed out and in, and every state of the sign-in, sign-up and account pages is
 * accessible in both themes, usable by touch, and has no layout shift. Takes about a minute after the system has started.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chromiumByDefault } from './engines/chromium.js';
import type { Browser, Tab } from './engines/engine.js';
import { expectAccessible, expectUsableByTouch, layoutShift } from './page-quality.js';
import { startSystem, type System } from './system/system.js';
import { oneHost as topology } from './system/topology.js';
import { sees, signUp } from './visitor.js';

const password = 'quiet harbour seventeen lamps';
let system: System;
let browser: Browser;
let tab: Tab;
beforeAll(async () => {
  system = await startSystem(topology);
  browser = await chromiumByDefault.launch();
  tab = await browser.newTab();
});
afterAll(async () => {
  await browser.close();
  await system.stop();
});

const account = { name: 'Grace Hopper', email: 'grace@example.com', password };
const signedOutPages = [
  ['/', 'Sign in'],
  ['/exercises', 'The exercises are for signed-in readers'],
  ['/sign-in', 'No account yet?'],
  ['/sign-up', 'Already have an account?'],
  ['/account', 'You are not signed in'],
  ['/auth/confirm', 'Open the link in the mail again'],
] as const;
const signedInPages = [
  ['/', account.name],
  ['/exercises', 'find the cookie of the auth service'],
  ['/account', 'Change your password'],
] as const;

test.each(signedOutPages)(
  '%s, signed out, is accessible and has no layout shift',
  async (path, text) => {
    await expectGoodPage(path, text);
  },
);

test.each(signedInPages)(
  '%s, signed in, is accessible and has no layout shift',
  async (path, text) => {
    if (path === '/') {
      await signUp(tab, system.urls.site, account);
      await sees(tab, account.name);
    }
    await expectGoodPage(path, text);
  },
);

/** States of the pages, in the order in which a visitor reaches them: each starts from the one before. */
const states: readonly (readonly [string, () => Promise<void>])[] = [
  [
    'the user menu',
    async () => {
      await tab.open(`${system.urls.site}/account`);
      await sees(tab, 'Change your password');
      await click('.auth-user-button');
    },
  ],
  [
    'an error next to a password field',
    async () => {
      await click('.auth-user-button');
      await tab.fill('current-password', `${password}!`);
      await tab.fill('new-password', `${password} and more`);
      await tab.press('Change password');
      await sees(tab, 'The current password is wrong.');
      expect(await focusedName()).toBe('current-password');
    },
  ],
  [
    'the confirmation of signing out everywhere',
    async () => {
      await tab.press('Sign out everywhere');
      await sees(tab, 'Sign out on every device?');
      expect(await tab.run('return document.activeElement.textContent')).toBe('Cancel');
    },
  ],
  [
    'the confirmation of deleting the account, with a wrong password',
    async () => {
      await tab.press('Cancel');
      expect(await tab.run('return document.activeElement.textContent')).toBe(
        'Sign out everywhere',
      );
      await tab.press('Delete account');
      await fillIn('dialog [name=password]', 'wrong');
      await tab.press('Delete permanently');
      await sees(tab, 'The current password is wrong.');
    },
  ],
  [
    'the message that the account was deleted',
    async () => {
      await fillIn('dialog [name=password]', password);
      await tab.press('Delete permanently');
      await sees(tab, 'Your account was deleted.');
      expect(await tab.run('return document.activeElement.textContent')).toMatch(/Sign in$/);
    },
  ],
  [
    'errors next to the fields of the sign-up',
    async () => {
      await tab.open(`${system.urls.site}/sign-up`);
      await tab.fill('email', 'ada');
      await tab.fill('password', 'short');
      await tab.press('Sign up');
      await sees(tab, 'Enter an e-mail address like name@example.com.');
      expect(await focusedName()).toBe('name');
    },
  ],
  [
    'a refused sign-in, with the password shown',
    async () => {
      await tab.open(`${system.urls.site}/sign-in`);
      await tab.fill('email', account.email);
      await tab.fill('password', 'wrong');
      await tab.press('Sign in');
      await sees(tab, 'The e-mail address or the password is wrong.');
      await click('.auth-password-toggle');
    },
  ],
  [
    'the page for a forgotten password, of a service that sends no mails',
    async () => {
      await tab.open(`${system.urls.site}/forgot-password`);
      await sees(tab, 'This sign-in service sends no mails');
    },
  ],
  [
    'the form of a mailed link, whose token has left the address',
    async () => {
      await tab.open(`${system.urls.site}/auth/confirm#reset_password=${'x'.repeat(43)}`);
      await sees(tab, 'Save the password');
      expect(await tab.run('return location.href')).toBe(`${system.urls.site}/auth/confirm`);
    },
  ],
  [
    'the countdown of a rate limit',
    async () => {
      await tab.open(`${system.urls.site}/sign-in`);
      await tab.fill('email', account.email);
      await tab.fill('password', 'wrong');
      // By script: the driver would wait until the button is enabled again, after the countdown.
      for (let tries = 0; tries < 5; tries += 1) {
        await click('main [type=submit]');
        await sees(tab, /is wrong|Too many/);
      }
      await sees(tab, /Try again in \d+ seconds?\./);
    },
  ],
];

test.each(states)(
  '%s is accessible and usable by touch',
  { timeout: 60_000 },
  async (_name, reach) => {
    await reach();
    await expectUsableByTouch(tab);
    await expectAccessible(tab);
  },
);

/** For elements of the navbar, which `press` ignores, and elements without text. */
async function click(selector: string): Promise<void> {
  await tab.run(`document.querySelector(${JSON.stringify(selector)}).click()`);
}

/** For an input whose name occurs in two forms of the page. */
async function fillIn(selector: string, value: string): Promise<void> {
  await tab.run(
    `document.querySelector(${JSON.stringify(selector)}).value = ${JSON.stringify(value)}`,
  );
}

function focusedName(): Promise<unknown> {
  return tab.run('return document.activeElement.name');
}

async function expectGoodPage(path: string, text: string): Promise<void> {
  await tab.open(system.urls.site + path);
  await sees(tab, text);
  expect(await layoutShift(tab)).toBeLessThan(0.01); // below 0.1 counts as good (web.dev, Core Web Vitals)
  if (/^\/(sign-|account|auth)/.test(path)) await expectUsableByTouch(tab);
  await expectAccessible(tab);
}
