/**
 * Why a visit to a provider signed nobody in: a sentence of this site for each reason of the service, and the next steps.
 * Nothing that the provider wrote is shown, and nothing from the address but a reason of this list.
 */
import { translate } from '@docusaurus/Translate';
import { accountExplanations } from './account-explanations.js';
import type { Refusal } from '../outcome.js';
import type { Explain, Explanation } from './explanation.js';
import { providerExplanations } from './provider-explanations.js';
import { redeemExplanations } from './redeem-explanations.js';
import { startExplanations } from './start-explanations.js';

const explanations = {
  ...startExplanations,
  ...providerExplanations,
  ...accountExplanations,
  ...redeemExplanations,
};

type RedirectReason = keyof typeof explanations;

function isRedirectReason(value: string | undefined): value is RedirectReason {
  return value !== undefined && Object.hasOwn(explanations, value);
}

/** The reason of a refused request; undefined if it has another cause, such as an outage. */
export function redirectReasonOf({
  reason,
  code,
}: Pick<Refusal, 'reason' | 'code'>): string | undefined {
  const named = [reason, code.replace(/^REDIRECT_/, '').toLowerCase()];
  // The code of another route's refusal, such as INTERNAL_ERROR, is not one of a redirect.
  return code.startsWith('REDIRECT_') || isRedirectReason(reason)
    ? named.find(isRedirectReason)
    : undefined;
}

/** Whether a visitor who is signed in has nothing left to do: the back button, a reload or a second tab. */
export function isAlreadyDone(reason: string | undefined): boolean {
  return reason === 'state_used' || reason === 'code_used';
}

/**
 * @param reason from the address or a response; one that is not in the list gets a general sentence
 * @param provider its label, if this tab knows which one it was
 */
export function explainRedirect(reason: string | undefined, provider?: string): Explanation {
  if (isRedirectReason(reason)) {
    const { message, steps } = (explanations[reason] as Explain)(provider ?? someProvider());
    return { message: message.charAt(0).toUpperCase() + message.slice(1), steps };
  }
  return {
    message: translate({
      id: 'theme.auth.redirect.unknown',
      message: 'The sign-in did not succeed.',
      description:
        'If a sign-in with a provider fails for a reason that this version does not know',
    }),
    steps: ['retry', 'password'],
  };
}

/** The page that finishes a sign-in was reloaded or opened by hand, while this tab has started one. */
export function explainInterrupted(provider = someProvider()): Explanation {
  return {
    message: translate(
      {
        id: 'theme.auth.redirect.interrupted',
        message: 'The sign-in with {provider} was interrupted.',
        description: 'If the page that finishes a sign-in is reloaded, or opened without one',
      },
      { provider },
    ),
    steps: ['retry', 'password'],
  };
}

const someProvider = () =>
  translate({
    id: 'theme.auth.redirect.provider',
    message: 'the provider',
    description:
      'Replaces the name of the provider in sentences, if it is not known. The first letter of a sentence becomes a capital',
  });
