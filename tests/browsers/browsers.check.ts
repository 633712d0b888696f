/**
 * The whole chain in real browsers over TLS: site, auth service and API on three registrable domains, on three hosts of
 * one, and behind one host. The table in docs/browsers.md is generated from what these browsers did.
 *
 * Wants root (/etc/hosts), Debian's browsers and nginx, the example site's `npm ci`, and PYTHON of a virtual environment
 * with the example API's requirements: `.ci/try-browsers` brings all of it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumBlocking, chromiumByDefault } from './engines/chromium.js';
import type { Browser, Engine, Tab } from './engines/engine.js';
import { firefoxBlocking, firefoxByDefault } from './engines/firefox.js';
import { webkitByDefault } from './engines/webkit.js';
import { expectObservedCredentials, type Credential } from './observed-credentials.js';
import { mapHosts } from './system/hosts.js';
import { startSystem, type System } from './system/system.js';
import { topologies } from './system/topology.js';
import {
  askPrivateRoute,
  issuesTokenByCookie,
  sees,
  signIn,
  signOutEverywhere,
  signUp,
  statusByCookie,
  whoByCookie,
} from './visitor.js';

const engines: readonly Engine[] = [
  chromiumByDefault,
  chromiumBlocking,
  firefoxByDefault,
  firefoxBlocking,
  webkitByDefault,
];
const password = 'quiet harbour seventeen lamps';
/** Of the page that a sign-in leads to; the navbar has the name a moment before, while this page is still to come. */
const landing = 'find the cookie of the auth service';
const results = new Map<string, Credential>();
let unmapHosts: () => Promise<void>;

beforeAll(async () => {
  unmapHosts = await mapHosts(topologies.flatMap(({ hosts }) => Object.values(hosts)));
});
afterAll(() => unmapHosts());

describe.each(topologies)('$name', (topology) => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem(topology);
  });
  afterAll(() => system.stop());

  describe.each(engines)('$name, $setting', (engine) => {
    const name = 'Ada Lovelace';
    const email = `${engine.name}.${engine.setting}@example.com`.replaceAll(' ', '-').toLowerCase();
    const account = { name, email, password };
    let browser: Browser;
    let tab: Tab;
    let second: Tab;
    let credential: Credential;

    beforeAll(async () => {
      browser = await engine.launch();
      tab = await browser.newTab();
    });
    afterAll(() => browser.close());

    test('signs up, and lands on the page for signed-in readers', async () => {
      await signUp(tab, system.urls.site, account);
      await sees(tab, landing);
      await sees(tab, name);
      const known = await whoByCookie(tab, system.urls.auth);
      credential = known === name ? 'cookie' : 'bearer token';
      results.set(`${topology.name} ${engine.name} ${engine.setting}`, credential);
    });

    test('says once in the console when a bearer token stands in for the cookie, and only then', async () => {
      const told = (await tab.warnings()).filter((text) =>
        text.includes('a bearer token takes its place'),
      );
      expect(told.length).toBe(credential === 'cookie' ? 0 : 1);
    });

    test('is still signed in after a reload', async () => {
      await tab.reload();
      await sees(tab, name);
    });

    test('reads the private route of the API', async () => {
      expect(await askPrivateRoute(tab)).toMatch(/^200 .*Ada Lovelace/);
    });

    test('a second tab is signed in too; with a bearer token it is not, because the token stays in its tab', async () => {
      second = await browser.newTab();
      await second.open(`${system.urls.site}/exercises`);
      await sees(
        second,
        credential === 'cookie' ? name : 'The exercises are for signed-in readers',
      );
      if (credential !== 'cookie') {
        await signIn(second, system.urls.site, account);
        await sees(second, landing);
      }
    });

    test('stays signed in while the service is stopped, and goes on when it is back', async () => {
      await tab.show();
      await system.stopService();
      try {
        // A token that is still good needs nobody's word.
        const offline = topology.api.AUTH_MODE === 'jwt' ? /^200/ : /^503/;
        expect(await askPrivateRoute(tab)).toMatch(offline);
        await tab.reload();
        await sees(tab, 'Sign-in problem');
      } finally {
        await system.startService();
      }
      await tab.reload();
      await sees(tab, name);
      expect(await askPrivateRoute(tab)).toMatch(/^200/);
    });

    test('signs out, and every tab and the API refuse', async () => {
      await tab.open(`${system.urls.site}/account`);
      await sees(tab, email);
      if (credential === 'cookie') {
        await tab.press('Sign out');
      } else {
        await signOutEverywhere(tab);
      }
      await sees(tab, 'You are not signed in');
      await second.show();
      await sees(second, 'The exercises are for signed-in readers');
      for (const each of [tab, second]) {
        expect(await whoByCookie(each, system.urls.auth)).toBeNull();
        expect(await statusByCookie(each, system.urls.api)).toBe(401);
        expect(await issuesTokenByCookie(each, system.urls.auth)).toBe(false);
      }
    });

    test('a wrong password is told as that', async () => {
      await tab.show();
      await signIn(tab, system.urls.site, { ...account, password: `${password}!` });
      await sees(tab, 'The e-mail address or the password is wrong.');
    });

    test('signed out everywhere, another browser is signed out too', async () => {
      const elsewhere = await engine.launch();
      try {
        const there = await elsewhere.newTab();
        await signIn(there, system.urls.site, account);
        await sees(there, landing);
        await signIn(tab, system.urls.site, account);
        await sees(tab, landing);
        await tab.open(`${system.urls.site}/account`);
        await signOutEverywhere(tab);
        await sees(tab, 'You are not signed in');
        await there.reload();
        await sees(there, 'The exercises are for signed-in readers');
      } finally {
        await elsewhere.close();
      }
    });

    test('where nothing may stand in for a refused cookie, the visitor reads what to do', async () => {
      if (credential === 'cookie') return;
      await system.stopService();
      await system.startService({ BEARER_TOKENS: 'off' });
      try {
        await signIn(tab, system.urls.site, account);
        await sees(tab, `this browser does not send the cookie of ${topology.hosts.auth}`);
      } finally {
        await system.stopService();
        await system.startService();
      }
    });
  });
});

describe('docs/browsers.md', () => {
  test('its table records what these browsers did', () =>
    expectObservedCredentials(topologies, engines, results));
});
