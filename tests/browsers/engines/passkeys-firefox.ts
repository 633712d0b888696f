/** Firefox ESR with the virtual authenticators of Marionette. */
import { setTimeout } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { freePort } from '../../../src/dev/free-port.js';
import { launchFirefox } from './firefox.js';
import { connectMarionette, type Marionette } from './marionette.js';
import { scriptOf, type Credential, type PasskeyEngine } from './passkey-engine.js';

const device = {
  protocol: 'ctap2_1',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserConsenting: true,
  isUserVerified: true,
};

export const firefoxWithPasskeys: PasskeyEngine = {
  name: 'Firefox',
  hasSuggestionsOnRelatedOrigins: false,
  async launch(proxyPort) {
    const marionettePort = await freePort();
    const browser = await launchFirefox(
      {
        'marionette.port': marionettePort,
        'network.proxy.type': 1,
        'network.proxy.ssl': '127.0.0.1',
        'network.proxy.ssl_port': proxyPort,
        'security.webauth.webauthn_enable_softtoken': true,
        'security.webauth.webauthn_enable_usbtoken': false,
        'security.webauthn.allow_with_certificate_override': true,
        'signon.rememberSignons': true, // as by default: the driver switches suggestions off
      },
      ['--marionette'],
    );
    const marionette = await connectMarionette(marionettePort);
    return {
      async newTab(url) {
        const context = await browser.createBrowserContext();
        const page = await context.newPage();
        await page.goto(url);
        const authenticator = await addAuthenticator(marionette);
        return {
          run: <T>(body: string) => page.evaluate(scriptOf(body)) as Promise<T>,
          ...authenticator,
          async pickSuggestion(picked) {
            await page.bringToFront(); // no other tab shows suggestions
            await pickFirst(page, picked);
          },
          async close() {
            await authenticator.remove();
            await context.close();
          },
        };
      },
      close: () => browser.close(),
    };
  },
};

/** The device of the browser, not of a tab. */
async function addAuthenticator(marionette: Marionette) {
  const send = async (command: string, parameters: object) => {
    const { value } = (await marionette.send(`WebAuthn:${command}`, parameters)) as {
      value: unknown;
    };
    return value;
  };
  const authenticatorId = await send('AddVirtualAuthenticator', device);
  return {
    setUserVerified: async (isUserVerified: boolean) => {
      await send('SetUserVerified', { authenticatorId, isUserVerified });
    },
    credentials: async () => (await send('GetCredentials', { authenticatorId })) as Credential[],
    remove: async () => {
      await send('RemoveVirtualAuthenticator', { authenticatorId });
    },
  };
}

/**
 * Firefox does not report when the list has opened, and a key that comes earlier closes it for as long as the input has the
 * focus: each try waits longer.
 */
async function pickFirst(page: Page, picked: Promise<unknown>): Promise<void> {
  const isPicked = picked.then(
    () => true,
    () => true,
  );
  for (const waitMs of [1000, 2000, 4000, 8000]) {
    await page.locator('input').click();
    await setTimeout(waitMs);
    await page.keyboard.press('ArrowDown');
    await setTimeout(waitMs / 4);
    await page.keyboard.press('Enter');
    if (await Promise.race([isPicked, setTimeout(2000, false)])) return;
    await page.evaluate('document.activeElement.blur()');
  }
  throw new Error('Firefox suggested no passkey');
}
