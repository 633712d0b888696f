/** Debian's WebKitGTK in its MiniBrowser, on a virtual display, driven by WebDriver. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { Builder, By, Capabilities, until, type WebDriver } from 'selenium-webdriver';
import { freePort } from '../../../src/dev/free-port.js';
import { until as eventually } from '../../support/until.js';
import { field, pageTimeoutMs, target, type Browser, type Engine, type Tab } from './engine.js';

/** The default, as in Safari: no third-party cookies. */
export const webkitByDefault: Engine = {
  name: 'WebKitGTK',
  setting: 'by default',
  async launch() {
    const port = await freePort();
    const server = spawn('xvfb-run', ['-a', 'WebKitWebDriver', `--port=${port}`], {
      stdio: 'ignore',
      detached: true, // xvfb-run's children end with its group
    });
    try {
      return await connect(`http://127.0.0.1:${port}`, server);
    } catch (error) {
      await end(server);
      throw error;
    }
  },
};

async function connect(url: string, server: ChildProcess): Promise<Browser> {
  await eventually(() =>
    fetch(`${url}/status`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  // Debian names the folder after the architecture.
  const folders = readdirSync('/usr/lib').map(
    (name) => `/usr/lib/${name}/webkit2gtk-4.1/MiniBrowser`,
  );
  const binary = folders.find(existsSync);
  if (binary === undefined)
    throw new Error('there is no MiniBrowser: apt install webkit2gtk-driver');
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    acceptInsecureCerts: true,
    'webkitgtk:browserOptions': { binary, args: ['--automation'] },
  });
  const driver = await new Builder().usingServer(url).withCapabilities(capabilities).build();
  await driver.manage().setTimeouts({ pageLoad: pageTimeoutMs, script: pageTimeoutMs });
  return {
    async newTab() {
      await driver.switchTo().newWindow('tab');
      return tabOf(driver, await driver.getWindowHandle());
    },
    async close() {
      await driver.quit();
      await end(server);
    },
  };
}

async function end(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null) return;
  const closed = once(server, 'close');
  process.kill(-server.pid, 'SIGTERM');
  await closed;
}

/** One driver controls all tabs, so each step first switches to its own. */
function tabOf(driver: WebDriver, handle: string): Tab {
  const here = async () => driver.switchTo().window(handle);
  const find = async (xpath: string) => {
    await here();
    const element = await driver.wait(until.elementLocated(By.xpath(xpath)), pageTimeoutMs);
    return driver.wait(until.elementIsVisible(element), pageTimeoutMs);
  };
  return {
    async open(url) {
      await here();
      await driver.get(url);
      await driver.executeScript(keepWarnings);
    },
    async reload() {
      await here();
      await driver.navigate().refresh();
      await driver.executeScript(keepWarnings);
    },
    async fill(name, text) {
      const input = await find(field(name));
      await input.clear();
      await input.sendKeys(text);
    },
    async press(text) {
      const element = await find(target(text));
      // As the other drivers do: this one clicks the position that the element had before.
      await eventually(() => driver.executeAsyncScript<boolean>(isAtRest, element));
      await element.click();
    },
    async run(body) {
      await here();
      const script = `const done = arguments[0]; (async () => {${body}})().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
      const answer: { value?: unknown; error?: string } = await driver.executeAsyncScript(script);
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.value;
    },
    async warnings() {
      await here();
      return driver.executeScript('return window.keptWarnings ?? []');
    },
    show: here,
    async screenshot(file) {
      await here();
      writeFileSync(file, await driver.takeScreenshot(), 'base64');
    },
  };
}

/** Whether an element has the same position 50 ms later. Not by requestAnimationFrame, which background tabs do not get. */
const isAtRest = `
  const [element, done] = arguments;
  const position = () => { const { x, y } = element.getBoundingClientRect(); return [x, y].join(); };
  const before = position();
  setTimeout(() => done(position() === before), 50);`;

/** WebDriver cannot read the console: later warnings are stored in the page. */
const keepWarnings = `
  if (!window.keptWarnings) {
    window.keptWarnings = [];
    const warn = console.warn;
    console.warn = (...words) => { window.keptWarnings.push(words.join(' ')); warn(...words); };
  }`;
