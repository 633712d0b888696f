/** Debian's Firefox ESR, headless, driven by puppeteer-core over WebDriver BiDi. */
import { rm } from 'node:fs/promises';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { inject } from 'vitest';
import { field, pageTimeoutMs, target, type Engine, type Tab } from './engine.js';
import { firefoxPath, newProfile } from './firefox-caches.js';

/** The default: third-party cookies are partitioned by site. */
export const firefoxByDefault: Engine = createFirefox('by default', {});

/** The setting "All cross-site cookies". */
export const firefoxBlocking: Engine = createFirefox('third-party cookies blocked', {
  'network.cookie.cookieBehavior': 1,
});

function createFirefox(setting: string, extraPrefsFirefox: Record<string, unknown>): Engine {
  return {
    name: 'Firefox',
    setting,
    async launch() {
      const browser = await launchFirefox(extraPrefsFirefox);
      return {
        newTab: async () => tabOf(await browser.newPage()),
        close: () => browser.close(),
      };
    },
  };
}

export async function launchFirefox(
  extraPrefsFirefox: Record<string, unknown>,
  args: string[] = [],
): Promise<Browser> {
  const profile = await newProfile(inject('firefoxCaches'));
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: firefoxPath,
    userDataDir: profile,
    acceptInsecureCerts: true,
    headless: true,
    networkEnabled: false, // a third of what a page costs, and nobody reads these events
    defaultViewport: { width: 1280, height: 800 },
    extraPrefsFirefox,
    args,
  });
  browser.process()?.once('exit', () => void rm(profile, { recursive: true, force: true }));
  return browser;
}

function tabOf(page: Page): Tab {
  page.setDefaultTimeout(pageTimeoutMs);
  const warnings: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'warn') warnings.push(message.text());
  });
  return {
    open: async (url) => {
      await page.goto(url);
    },
    reload: async () => {
      await page.reload();
    },
    fill: (name, text) => page.locator(`::-p-xpath(${field(name)})`).fill(text),
    press: (text) => page.locator(`::-p-xpath(${target(text)})`).click(),
    run: (body) => page.evaluate(`(async () => {${body}})()`),
    warnings: () => Promise.resolve(warnings),
    show: () => page.bringToFront(),
    screenshot: async (path) => {
      await page.screenshot({ path });
    },
  };
}
