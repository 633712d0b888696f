/** Debian's Firefox ESR, headless, driven by puppeteer-core over WebDriver BiDi. */
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { field, pageTimeoutMs, target, type Engine, type Tab } from './engine.js';

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

export function launchFirefox(
  extraPrefsFirefox: Record<string, unknown>,
  args: string[] = [],
): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    acceptInsecureCerts: true,
    headless: true,
    defaultViewport: { width: 1280, height: 800 },
    extraPrefsFirefox,
    args,
  });
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
