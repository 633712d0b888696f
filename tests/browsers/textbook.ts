/**
 * The complete system in one topology, in real browsers over TLS. A column of the table in docs/browsers.md is generated from
 * the results.
 *
 * Requires root (/etc/hosts), Debian's browsers and nginx, the example site's `npm ci`, and PYTHON of a virtual
 * environment with the example API's requirements: `.ci/try-browsers` sets all of it up.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startDevIdentityProvider,
  type DevIdentityProvider,
} from '../../src/features/social-providers/dev-identity-provider.js';
import { chromiumBlocking, chromiumByDefault } from './engines/chromium.js';
import type { Browser, Engine, Tab } from './engines/engine.js';
import { firefoxBlocking, firefoxByDefault } from './engines/firefox.js';
import { webkitByDefault } from './engines/webkit.js';
import { finishOnServicePage, testMailFlows } from './mail-flows.js';
import { startMailbox, type Mailbox } from './mailbox.js';
import { testRedirectFlows } from './redirect-flows.js';
import { testSecondFactorFlows } from './second-factor-flows.js';
import { expectObservedCredentials, type Credential } from './observed-credentials.js';
import { startSystem, type System } from './system/system.js';
import type { Topology } from './system/topology.js';
import {
  askPrivateRoute,
  issuesTokenByCookie,
  sees,
  signIn,
  signOutEverywhere,
  signUp,
  statusByCookie,
  userNameByCookie,
} from './visitor.js';

const engines: readonly Engine[] = [
  chromiumByDefault,
  chromiumBlocking,
  firefoxByDefault,
  firefoxBlocking,
  webkitByDefault,
];
const password = 'quiet harbour seventeen lamps';
/** Text of the page after a sign-in; the navbar shows the name a moment before this page is loaded. */
const landing = 'find the cookie of the auth service';

/** Registers the tests. */
export function testTextbook(topology: Topology): void {
  const observed = new Map<string, Credential>();
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

    test('a visitor signs up and lands on the page for signed-in readers', async () => {
      await signUp(tab, system.urls.site, account);
      await sees(tab, landing);
      await sees(tab, name);
      const known = await userNameByCookie(tab, system.urls.auth);
      credential = known === name ? 'cookie' : 'bearer token';
      observed.set(`${engine.name}, ${engine.setting}`, credential);
    });

    test('the console says once that a bearer token replaces the cookie, and only if it does', async () => {
      const notices = (await tab.warnings()).filter((text) =>
        text.includes('a bearer token takes its place'),
      );
      expect(notices.length).toBe(credential === 'cookie' ? 0 : 1);
    });

    test('the visitor is still signed in after a reload', async () => {
      await tab.reload();
      await sees(tab, name);
    });

    test('the private route of the API responds to the visitor', async () => {
      expect(await askPrivateRoute(tab)).toMatch(/^200 .*Ada Lovelace/);
    });

    test('a second tab is signed in by the cookie, but not by a bearer token, which its tab keeps', async () => {
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

    test('the visitor stays signed in while the service is stopped and after it restarts', async () => {
      await tab.show();
      await system.stopService();
      try {
        // A JSON Web Token is valid without the service.
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

    test('after the sign-out every tab is signed out and the API responds 401', async () => {
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
        expect(await userNameByCookie(each, system.urls.auth)).toBeNull();
        expect(await statusByCookie(each, system.urls.api)).toBe(401);
        expect(await issuesTokenByCookie(each, system.urls.auth)).toBe(false);
      }
    });

    test('a wrong password is reported as wrong', async () => {
      await tab.show();
      await signIn(tab, system.urls.site, { ...account, password: `${password}!` });
      await sees(tab, 'The e-mail address or the password is wrong.');
    });

    test('signing out everywhere signs out another browser', async () => {
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

    test('without bearer tokens, a refused cookie is reported with what to do', async () => {
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

  describe('accounts that must be confirmed by mail', () => {
    let mailbox: Mailbox;
    let other: Browser;
    beforeAll(async () => {
      mailbox = await startMailbox();
      other = await chromiumByDefault.launch();
      await system.stopService();
      await system.startService(mailbox.variables(system.urls));
    });
    afterAll(async () => {
      await other.close();
      await mailbox.stop();
    });

    describe.each(engines)('$name, $setting', (engine) => {
      testMailFlows(engine, () => ({ system, mailbox, other }));
    });

    test('the page of the service finishes links too', async () => {
      if (topology.hosts.auth === topology.hosts.site) return; // only /api/auth/ is forwarded
      await finishOnServicePage({ system, mailbox, other });
    });
  });

  describe('sign-in with a provider', () => {
    let devId: DevIdentityProvider;
    beforeAll(async () => {
      const { site, auth } = system.urls;
      devId = await startDevIdentityProvider(`${auth}/api/auth/callback/dev`);
      await system.stopService();
      await system.startService({
        OIDC_DEV_ISSUER: devId.issuer,
        OIDC_DEV_CLIENT_ID: devId.clientId,
        OIDC_DEV_CLIENT_SECRET: devId.clientSecret,
        OIDC_DEV_LABEL: 'Dev ID',
        SITE_PAGES: `${site}/auth/confirm`,
        RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/10s', // all browsers have one address
      });
    });
    afterAll(() => devId.stop());

    describe.each(engines)('$name, $setting', (engine) => {
      testRedirectFlows(engine, () => ({ system }));
    });
  });

  describe('second factors', () => {
    beforeAll(async () => {
      await system.stopService();
      await system.startService({
        SECOND_FACTOR: 'optional',
        RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/10s', // all browsers have one address
      });
    });

    describe.each(engines)('$name, $setting', (engine) => {
      testSecondFactorFlows(engine, () => ({ system }));
    });
  });

  test('the table of docs/browsers.md contains what these browsers did', () =>
    expectObservedCredentials(topology, observed));
}
