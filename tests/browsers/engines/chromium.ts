/** Debian's Chromium, headless, driven by playwright-core. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { field, pageTimeoutMs, target, type Engine, type Tab } from './engine.js';

/** The default for third-party cookies in this mode: partitioned ones are stored. */
export const chromiumByDefault: Engine = createChromium('by default', {});

/** "Block third-party cookies", as in its settings and in Incognito. */
export const chromiumBlocking: Engine = createChromium('third-party cookies blocked', {
  profile: { cookie_controls_mode: 1 },
});

/**
 * Replaces Playwright's list, which also contains how storage is partitioned by site: that must be as visitors have it.
 * The address bar's lists are two pages that every window loads, a third of what a start costs.
 */
const disabledFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  // As in Playwright's, for navigations and the end of the browser.
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'PaintHolding',
];

function createChromium(setting: string, preferences: object): Engine {
  return {
    name: 'Chromium',
    setting,
    async launch() {
      const profile = await mkdtemp(join(tmpdir(), 'auth-service-chromium-'));
      await mkdir(join(profile, 'Default'));
      await writeFile(join(profile, 'Default/Preferences'), JSON.stringify(preferences));
      const context = await chromium.launchPersistentContext(profile, {
        executablePath: '/usr/bin/chromium',
        args: [
          '--no-sandbox',
          `--disable-features=${disabledFeatures.join(',')}`,
          // By its key: it would cache nothing of a page whose certificate has an error that it ignores.
          `--ignore-certificate-errors-spki-list=${inject('certificate').keyHash}`,
        ],
        viewport: { width: 1280, height: 800 },
      });
      context.setDefaultTimeout(pageTimeoutMs);
      return {
        newTab: async () => tabOf(await context.newPage()),
        async close() {
          await context.close();
          await rm(profile, { recursive: true, force: true });
        },
      };
    },
  };
}

function tabOf(page: Page): Tab {
  const warnings: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'warning') warnings.push(message.text());
  });
  return {
    open: async (url) => {
      await page.goto(url);
    },
    reload: async () => {
      await page.reload();
    },
    fill: (name, text) => page.locator(`xpath=${field(name)}`).fill(text),
    press: (text) => page.locator(`xpath=${target(text)}`).click(),
    run: (body) => page.evaluate(`(async () => {${body}})()`),
    warnings: () => Promise.resolve(warnings),
    show: () => page.bringToFront(),
    screenshot: async (path) => {
      await page.screenshot({ path });
    },
  };
}
