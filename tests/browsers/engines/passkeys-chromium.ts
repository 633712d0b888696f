/** Chromium with the virtual authenticators of its developer tools. */
import { chromium } from 'playwright-core';
import { addVirtualAuthenticator } from '../virtual-authenticator.js';
import { scriptOf, type PasskeyEngine } from './passkey-engine.js';

export const chromiumWithPasskeys: PasskeyEngine = {
  name: 'Chromium',
  hasSuggestionsOnRelatedOrigins: true,
  async launch(proxyPort) {
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--ignore-certificate-errors'],
      proxy: { server: `http://127.0.0.1:${proxyPort}` },
    });
    return {
      async newTab(url) {
        const context = await browser.newContext({ ignoreHTTPSErrors: true });
        const page = await context.newPage();
        await page.goto(url);
        const cdp = await context.newCDPSession(page);
        const authenticatorId = await addVirtualAuthenticator(cdp);
        return {
          run: (body) => page.evaluate(scriptOf(body)),
          setUserVerified: async (isUserVerified) => {
            await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
          },
          credentials: async () => {
            const found = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
            return found.credentials.map(({ rpId = '', isResidentCredential }) => ({
              rpId,
              isResidentCredential,
            }));
          },
          // The device answers without a choice.
          pickSuggestion: async (picked) => {
            await picked;
          },
          close: () => context.close(),
        };
      },
      close: () => browser.close(),
    };
  },
};
