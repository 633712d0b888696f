/** The texts around the captchas that a provider shows. */
import { translate } from '@docusaurus/Translate';
import type { ShownProvider } from './captcha-widgets.js';

const providerNames: Readonly<Record<ShownProvider, string>> = {
  turnstile: 'Cloudflare Turnstile',
  hcaptcha: 'hCaptcha',
};

export const title = () =>
  translate({
    id: 'theme.auth.captcha.title',
    message: 'Are you a person?',
    description: 'The heading above a captcha',
  });

export const description = (provider: ShownProvider) =>
  translate(
    {
      id: 'theme.auth.captcha.description',
      message: 'There were many attempts before. Solve the captcha of {provider} to go on.',
      description: 'Above a captcha',
    },
    { provider: providerNames[provider] },
  );

export const cancel = () =>
  translate({
    id: 'theme.auth.cancel',
    message: 'Cancel',
    description: 'The button that closes a dialog without doing anything',
  });

export const notShownMessage = (provider: ShownProvider) =>
  translate(
    {
      id: 'theme.auth.captcha.notShown',
      message:
        'The captcha of {provider} could not be shown. Allow its scripts if you block them, then try again. (For the operator: a Content-Security-Policy of the site must allow it.)',
      description: 'If the script of a captcha could not be loaded, or failed',
    },
    { provider: providerNames[provider] },
  );
