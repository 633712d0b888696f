/** Why a mailed link is refused, in one sentence with the next step. */
import { translate } from '@docusaurus/Translate';

/** Whether the link can never be redeemed: neither now, nor with a password. */
export function isLinkRefusal({ code }: { readonly code: string }): boolean {
  return ['LINK_USED', 'LINK_EXPIRED', 'LINK_REPLACED', 'LINK_UNKNOWN'].includes(code);
}

export const linkMessages = {
  LINK_USED: () =>
    translate({
      id: 'theme.auth.fault.linkUsed',
      message: 'This link was already used. Sign in, or ask for a new link.',
      description: 'If a mailed link is opened a second time',
    }),
  LINK_EXPIRED: () =>
    translate({
      id: 'theme.auth.fault.linkExpired',
      message: 'This link has expired. Ask for a new one.',
      description: 'If a mailed link is opened too late',
    }),
  LINK_REPLACED: () =>
    translate({
      id: 'theme.auth.fault.linkReplaced',
      message: 'A newer link has replaced this one. Open the link in the newest mail.',
      description: 'If a mailed link is opened after another one was requested',
    }),
  LINK_UNKNOWN: () =>
    translate({
      id: 'theme.auth.fault.linkUnknown',
      message: 'This link is not valid. Open the link in the mail again, or ask for a new one.',
      description: 'If the token of a mailed link is incomplete or very old',
    }),
  LINK_WRONG_BROWSER: () =>
    translate({
      id: 'theme.auth.fault.linkWrongBrowser',
      message:
        'You signed up in another browser. Enter the password that you chose there to confirm the address.',
      description:
        'If the link of a sign-up is opened in another browser than the one that signed up',
    }),
};
