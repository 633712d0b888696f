/** The hooks for sign-in by a visit to a provider. Docusaurus loads them with the pages that use them. */
import { useHistory } from '@docusaurus/router';
import { getAuth, useAuthOptions, useServiceFeatures } from '../hooks.js';
import { mailedLinks } from '../mailed-link.js';
import { readReturnPath, withReturnPath } from '../return-path.js';
import { useSiteBases } from '../use-sign-in-path.js';
import { leavePage } from './leave-page.js';
import { createLinkedAccounts, type LinkedAccounts } from './linked-accounts.js';
import { createRedirectActions, type RedirectActions } from './redirect-actions.js';

export type RedirectSignIn = RedirectActions & { readonly accounts: LinkedAccounts };

/** One per page load, as the rest of the client. */
let redirectSignIn: RedirectSignIn | undefined;

export function useRedirectSignIn(): RedirectSignIn {
  const { dependencies } = getAuth(useAuthOptions());
  return (redirectSignIn ??= {
    ...createRedirectActions({
      ...dependencies,
      crypto: globalThis.crypto,
      now: Date.now,
      leavePage,
    }),
    accounts: createLinkedAccounts(dependencies),
  });
}

/** Goes to the page from which a sign-in started; to `afterSignInPath` if that is not a page of this site. */
export function useFinishRedirect(): (path: string | undefined) => void {
  const { afterSignInPath } = useAuthOptions();
  const bases = useSiteBases();
  const history = useHistory();
  return function finishRedirect(path = '') {
    mailedLinks.clear();
    // `replace`, so that the Back button does not return to a code that is used.
    history.replace(readReturnPath(withReturnPath('', path), afterSignInPath, bases));
  };
}

/** For visitors: the label of a provider, or undefined if the service does not offer it. */
export function useProviderLabel(id: string | undefined): string | undefined {
  const { socialProviders = [] } = useServiceFeatures() ?? {};
  return socialProviders.find((provider) => provider.id === id)?.label;
}
